import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, createZstdCompress, gzip, zstdCompress } from 'node:zlib';

/**
 * A content coding that this server can apply. `deflate` is none: RFC 9110 means zlib by it, and Prometheus sends that
 * (util/httputil/compression.go), but Grafana reads it with Go's compress/flate, which is the bare stream
 * (pkg/promlib/utils `Decode`). Every client that offers it also offers gzip, or can read plain text.
 */
export type ContentEncoding = 'gzip' | 'zstd';

/**
 * In order of preference where a client likes both equally. zstd packs tighter in less time, but Grafana sends its
 * browser's header on with some calls, and then reads gzip, deflate and br alone.
 */
const SUPPORTED: readonly ContentEncoding[] = ['gzip', 'zstd'];

/** Higher levels cost a multiple of the time for some percent of size. */
const GZIP_OPTIONS = { level: 1 };
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const [gzipAll, zstdAll] = [promisify(gzip), promisify(zstdCompress)];

/** There are about ten codings. A longer list is no client's, and would take long to read. */
const LONGEST_ACCEPT = 1000;

/**
 * The coding to which `Accept-Encoding` gives the largest weight (RFC 9110 §12.5.3). Undefined where none of ours is
 * allowed, or where the client prefers plain text.
 */
export function negotiateEncoding(accept: string | undefined): ContentEncoding | undefined {
  return negotiateOneOf(SUPPORTED, accept);
}

/** The same for a body that is there in these codings, in order of preference. */
export function negotiateOneOf<Coding extends string>(
  supported: readonly Coding[],
  accept: string | undefined,
): Coding | undefined {
  if (accept === undefined || accept.length > LONGEST_ACCEPT) return undefined;
  const weights = new Map<string, number>();
  for (const item of accept.toLowerCase().replaceAll(/\s/g, '').split(',')) {
    const [coding = '', ...parameters] = item.split(';');
    weights.set(coding, weightIn(parameters));
  }
  const weightOf = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  // Sorting keeps the order of preference among equals.
  const [best] = supported.toSorted((a, b) => weightOf(b) - weightOf(a));
  return best !== undefined && weightOf(best) > 0 && weightOf(best) >= (weights.get('identity') ?? 0)
    ? best
    : undefined;
}

/** 1 unless it is given. What is no weight allows nothing, because every client can read plain text. */
function weightIn(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = given === undefined ? 1 : Number(given.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}

/** Compresses on the thread pool, not on the event loop. */
export async function compressAll(body: Uint8Array, encoding: ContentEncoding): Promise<Uint8Array> {
  switch (encoding) {
    case 'gzip':
      return gzipAll(body, GZIP_OPTIONS);
    case 'zstd':
      return zstdAll(body, ZSTD_OPTIONS);
  }
}

export function createCompressor(encoding: ContentEncoding): Transform {
  switch (encoding) {
    case 'gzip':
      return createGzip(GZIP_OPTIONS);
    case 'zstd':
      return createZstdCompress(ZSTD_OPTIONS);
  }
}
