import { BlockList, isIP } from 'node:net';
import type { Config, ListenAddress } from '../../config/config.ts';
import { hostPort } from '../../model/host-port.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * What everybody may ask who reaches this machine, as a sentence for the log; undefined where there is nothing.
 * @param isGuarded whether callers have to show who they are, over HTTP, or over both.
 */
export function openListeners(
  { http, grpc }: Pick<Config, 'http' | 'grpc'>,
  isGuarded: { readonly http: boolean; readonly all: boolean },
): string | undefined {
  const overHttp = isGuarded.http ? [] : [http.address, http.admin_address];
  const overGrpc = isGuarded.all || grpc.tls?.client_ca_file !== undefined ? [] : [grpc.address];
  const named = [
    ...overHttp.flatMap((address) => nameOf('HTTP', address)),
    ...overGrpc.flatMap((address) => nameOf('gRPC', address)),
  ];
  return named.length === 0
    ? undefined
    : `everybody who reaches ${named.join(' and ')} may ask: nobody has to show who it is; set --web.config.file or access, or listen on the loopback alone`;
}

/**
 * Where passwords and tokens come over plain text although HTTP has TLS, as a sentence for the log; undefined where they do not.
 * @param takesCredentials whether callers show passwords or tokens.
 */
export function plainListener(
  { grpc }: Pick<Config, 'grpc'>,
  takesCredentials: boolean,
  hasHttpTls: boolean,
): string | undefined {
  if (!takesCredentials || !hasHttpTls || grpc.tls !== undefined) return undefined;
  const [named] = nameOf('gRPC', grpc.address);
  return named === undefined
    ? undefined
    : `passwords and tokens come to ${named} over plain text, although HTTP has TLS; set --grpc-server-tls-cert and --grpc-server-tls-key, or listen on the loopback alone`;
}

function nameOf(transport: string, address: ListenAddress | undefined): readonly string[] {
  if (address === undefined || 'path' in address || isLoopback(address.host)) return [];
  return [`${transport} on ${hostPort(address.host, address.port)}`];
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
