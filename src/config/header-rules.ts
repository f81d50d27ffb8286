import { isPrintableAscii } from '../model/ascii.ts';

/** RFC 9110: a token, and text without control characters. */
export const HTTP_NAME: RegExp = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HTTP_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What gRPC takes as metadata (grpc/doc/PROTOCOL-HTTP2.md, Custom-Metadata). */
const GRPC_NAME = /^[0-9A-Za-z_.-]+$/;

/** Belong to the connection or to the length of a message, so that a client refuses them or a request breaks. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What no caller decides about: credentials are for the gateway itself, and the others belong to its own message. */
export const NEVER_OF_CALLERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-type',
  'cookie',
  'host',
]);

/**
 * Why a header cannot go to an endpoint over HTTP or gRPC; undefined where it can. Without this a client would refuse it
 * when it is made or at each request.
 */
export function headerProblem(transport: 'HTTP' | 'gRPC', name: string, value: string): string | undefined {
  const lower = name.toLowerCase();
  if (!(transport === 'HTTP' ? HTTP_NAME : GRPC_NAME).test(name))
    return `is no name of a header of ${transport}`;
  if (OF_CONNECTION.has(lower)) return 'belongs to the connection, which sets it itself; leave it out';
  if (transport === 'HTTP')
    return HTTP_VALUE.test(value) ? undefined : 'must be one line of printable characters (up to ÿ)';
  if (lower.startsWith('grpc-')) return 'belongs to gRPC, which sets it itself; leave it out';
  if (lower.endsWith('-bin')) return 'is for bytes in gRPC (names with -bin at the end); choose another name';
  return isPrintableAscii(value)
    ? undefined
    : 'must be one line of printable ASCII, since gRPC takes no other';
}
