import type { Config } from '../config/config.ts';
import { DEFAULT_CLIENT_LIMITS, type ClientLimits } from '../model/client-limits.ts';

/** The limits of both transports. Those that nobody needs to change have no setting. */
export function clientLimits({ http }: Pick<Config, 'http'>): ClientLimits {
  return {
    ...DEFAULT_CLIENT_LIMITS,
    maxConnections: http.max_connections,
    readTimeout: http.read_timeout,
    writeTimeout: http.write_timeout,
  };
}
