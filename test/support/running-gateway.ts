import { startGateway, type RunningGateway } from '../../src/app/start-gateway.ts';
import { loadConfig, type Override } from '../../src/config/load.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

/** A gateway on a free loopback port over the given endpoints; `settings` by dotted path of the configuration. */
export async function startTestGateway(
  urls: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<RunningGateway> {
  const all = {
    'http.address': '127.0.0.1:0',
    'grpc.address': '127.0.0.1:0',
    refresh_interval: '1s',
    endpoints: urls.map((address) => ({ address })),
    ...settings,
  };
  const overrides = Object.entries(all).map(([path, value]): Override => ({
    path: path.split('.'),
    value,
    source: path,
  }));
  return startGateway(
    loadConfig(undefined, overrides),
    'test',
    createLogger({ level: 'error', format: 'logfmt' }),
  );
}
