import { readWebConfig, type WebConfig } from '../../config/web/web-config.ts';
import type { ServerTls } from '../../http/secure-connections.ts';
import { serverTlsOf } from './server-tls.ts';
import type { ReadFile } from './watched-value.ts';

/** What a web configuration says once its files are read. */
export interface WebSettings {
  /** Plain text where it is undefined. */
  readonly tls: ServerTls | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Hashes of passwords by user. */
  readonly users: ReadonlyMap<string, string>;
  readonly rate: WebConfig['rate_limit'];
}

/** Of a server without a web configuration. */
export const NO_WEB_SETTINGS: WebSettings = {
  tls: undefined,
  headers: {},
  users: new Map(),
  rate: { interval: 0, burst: 0 },
};

/** Throws `bad_data` where the file, or one that it names, cannot be used. */
export function webSettingsOf(file: string, read: ReadFile): WebSettings {
  const config = readWebConfig(file, read(file));
  const { tls_server_config: tls, http_server_config: http, basic_auth_users: users } = config;
  return {
    tls: tls && serverTlsOf(tls, read),
    headers: http.headers,
    users: new Map(Object.entries(users)),
    rate: config.rate_limit,
  };
}
