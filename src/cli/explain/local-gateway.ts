import { startGateway, type RunningGateway } from '../../app/start-gateway.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { VERSION } from '../version.ts';

const FREE_LOOPBACK_PORT = { host: '127.0.0.1', port: 0 };

/**
 * Starts a gateway for one question, on free loopback ports. Whoever has the configuration may see everything. What it says of clients
 * (addresses, paths, TLS, users, logs of queries, traces) is for the gateway that serves them, which may run beside this one.
 */
export async function startLocalGateway(config: Config): Promise<RunningGateway> {
  const { http, grpc, access, tracing, tenancy } = loadConfig(undefined);
  return startGateway(
    {
      ...config,
      http: { ...http, address: FREE_LOOPBACK_PORT },
      grpc: { ...grpc, address: FREE_LOOPBACK_PORT },
      access,
      tracing,
      // Servers with tenants of their own are asked for all of them.
      tenancy: { ...tenancy, label: config.tenancy.label },
      query: { ...config.query, log_file: undefined, slow_query_log_threshold: 0 },
    },
    VERSION,
    createLogger({ level: 'error', format: config.log.format }),
    // One question is answered with what is there.
    { waitsForStrict: false },
  );
}
