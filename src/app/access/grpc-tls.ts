import type { FastifyBaseLogger } from 'fastify';
import type { ServerTlsConfig } from '../../config/config.ts';
import type { GrpcServerTls } from '../../grpc/server-certificates.ts';
import type { Timers } from '../../model/timers.ts';
import { checkPem } from '../pem-files.ts';
import { WatchedValue } from './watched-value.ts';

/** The certificates of the gRPC server, which are read again when their files change. Throws `bad_data` where one cannot be used. */
export function watchGrpcTls(
  files: ServerTlsConfig,
  logger: FastifyBaseLogger,
  timers: Timers,
): WatchedValue<GrpcServerTls> {
  const { cert_file: cert, key_file: key, client_ca_file: ca } = files;
  return new WatchedValue({
    name: `the certificates of the gRPC server (${[cert, key, ca].filter((file) => file !== undefined).join(', ')})`,
    make: (read) => {
      const tls = { cert: read(cert), key: read(key), clientCa: ca === undefined ? undefined : read(ca) };
      checkPem({ cert, key, ca }, { cert: tls.cert, key: tls.key, ca: tls.clientCa });
      return tls;
    },
    timers,
    note: (level, message) => logger[level](message),
  });
}
