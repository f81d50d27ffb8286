import { startGateway, type RunningGateway } from '../../app/start-gateway.ts';
import type { Config } from '../../config/config.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { VERSION } from '../version.ts';

const FREE_LOOPBACK_PORT = { host: '127.0.0.1', port: 0 };

/** Starts a gateway for one question, on free loopback ports. Whoever has the configuration may see everything. */
export async function startLocalGateway(config: Config): Promise<RunningGateway> {
  return startGateway(
    {
      ...config,
      http: { ...config.http, address: FREE_LOOPBACK_PORT },
      grpc: { ...config.grpc, address: FREE_LOOPBACK_PORT },
      tenancy: { ...config.tenancy, enforce: false },
    },
    VERSION,
    createLogger({ level: 'error', format: config.log.format }),
    // One question is answered with what is there.
    { waitsForStrict: false },
  );
}
