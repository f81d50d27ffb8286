import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { CacheServer, CacheTls } from './cache-client.ts';

/** A connection to a server, over TLS where it has that. Rejects where it is not there until the signal aborts. */
export async function openSocket({ host, port, tls }: CacheServer, signal: AbortSignal): Promise<Socket> {
  const socket =
    tls === undefined
      ? connect({ host, port, noDelay: true })
      : connectTls({ host, port, ...tlsOptions(host, tls) });
  socket.setNoDelay(true);
  try {
    await once(socket, tls === undefined ? 'connect' : 'secureConnect', { signal });
  } catch (thrown) {
    socket.destroy();
    throw signal.aborted ? signal.reason : thrown;
  }
  return socket;
}

/** What Node's TLS takes. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

export function tlsOptions(
  host: string,
  { ca, cert, key, serverName = host, acceptsAnyCertificate }: CacheTls,
): TlsOptions {
  return {
    rejectUnauthorized: !acceptsAnyCertificate,
    // RFC 6066 leaves out addresses; the certificate is compared with the host all the same.
    ...(isIP(serverName) === 0 && { servername: serverName }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}
