import type { FastifyBaseLogger } from 'fastify';
import { Gatekeeper } from '../../access/gatekeeper.ts';
import { Passwords, type PasswordCheck } from '../../access/passwords.ts';
import { TrustedProxies } from '../../access/trusted-proxies.ts';
import type { Config } from '../../config/config.ts';
import type { GrpcServerTls } from '../../grpc/server-certificates.ts';
import type { HttpAccess } from '../../http/admission.ts';
import type { TlsSource } from '../../http/secure-connections.ts';
import { bug, QueryError } from '../../model/errors.ts';
import type { Timers } from '../../model/timers.ts';
import { firstExpiry } from '../certificates.ts';
import { externalHost, webHosts } from '../web-origins.ts';
import { loadPasswordCheck } from './check-password.ts';
import { watchGrpcTls } from './grpc-tls.ts';
import { watchBearers } from './bearers.ts';
import { WatchedValue } from './watched-value.ts';
import { NO_WEB_SETTINGS, webSettingsOf, type WebSettings } from './web-settings.ts';

/** What decides who may ask, of both transports. Its files are read again when they change. */
export interface RunningAccess {
  readonly gatekeeper: Gatekeeper;
  readonly http: HttpAccess;
  /** Plain text where it is undefined. */
  readonly tls: TlsSource | undefined;
  /** Plain text over gRPC where it is undefined. */
  readonly grpcTls: WatchedValue<GrpcServerTls> | undefined;
  /** Whether callers have to show who they are: over HTTP, which may be by a certificate, and over both transports. */
  readonly isGuarded: () => { readonly http: boolean; readonly all: boolean };
  /** What is made of files, by name: whether what the files hold is in force. */
  readonly files: () => ReadonlyMap<string, boolean>;
  /** When the certificate that a server shows expires, by its transport (`http`, `grpc`): ms since the epoch. */
  readonly expiries: () => ReadonlyMap<string, number>;
  readonly close: () => void;
}

/**
 * @param inForce the configuration that is in force at any time, of which something may change.
 * Rejects with `bad_data` where a file cannot be used.
 */
export async function startAccess(
  config: Config,
  inForce: () => Pick<Config, 'access' | 'http'>,
  logger: FastifyBaseLogger,
  timers: Timers,
): Promise<RunningAccess> {
  const web = watchWebConfig(config.http.config_file, logger, timers);
  const settings = (): WebSettings => web?.current() ?? NO_WEB_SETTINGS;
  const tokens = await watchBearers(config.access, logger, timers);
  const grpcTls = config.grpc.tls && watchGrpcTls(config.grpc.tls, logger, timers);
  const watched = { web_config: web, grpc_tls: grpcTls, ...tokens.watched };
  const proxies = proxiesOf(inForce);
  const gatekeeper = new Gatekeeper(
    () => ({
      users: settings().users,
      bearers: tokens.checks,
      proxies: proxies(),
      isHealthOpen: inForce().access.open_health,
    }),
    new Passwords(lazily(loadPasswordCheck)),
  );
  return {
    gatekeeper,
    http: {
      gatekeeper,
      rate: () => settings().rate,
      headers: () => settings().headers,
      hosts: () => webHosts(inForce().http),
      externalHost: externalHost(config.http),
    },
    tls: settings().tls && {
      current: () => settings().tls ?? bug('TLS was switched off'),
      onNew: (listener) => web?.onNew(({ tls }) => listener(tls ?? bug('TLS was switched off'))),
    },
    isGuarded: () => {
      const { isDemanded = false, isChecked = false } = settings().tls?.clients ?? {};
      return { http: gatekeeper.isGuarded || (isDemanded && isChecked), all: gatekeeper.isGuarded };
    },
    grpcTls,
    files: () =>
      new Map(
        Object.entries(watched).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value.problem() === undefined] as const],
        ),
      ),
    expiries: () => expiriesOf({ http: settings().tls?.context.cert, grpc: grpcTls?.current().cert }),
    close: () => Object.values(watched).forEach((value) => value?.stop()),
  };
}

function expiriesOf(certificates: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(certificates).flatMap(([transport, pem]) => {
      const expiry = firstExpiry(pem);
      return expiry === undefined ? [] : [[transport, expiry] as const];
    }),
  );
}

function watchWebConfig(
  file: string | undefined,
  logger: FastifyBaseLogger,
  timers: Timers,
): WatchedValue<WebSettings> | undefined {
  if (file === undefined) return undefined;
  let hadTls: boolean | undefined;
  return new WatchedValue({
    name: `the web configuration ${file}`,
    make: (read) => {
      const settings = webSettingsOf(file, read);
      const hasTls = settings.tls !== undefined;
      hadTls ??= hasTls;
      if (hasTls !== hadTls)
        throw new QueryError(
          'bad_data',
          `${file} switches TLS ${hasTls ? 'on' : 'off'}, which needs a restart of the gateway`,
        );
      return settings;
    },
    timers,
    note: (level, message) => logger[level](message),
  });
}

/** Made anew where the configuration is another. */
function proxiesOf(inForce: () => Pick<Config, 'access'>): () => TrustedProxies | undefined {
  let from: Config['access'] | undefined;
  let proxies: TrustedProxies | undefined;
  return () => {
    const { access } = inForce();
    if (access !== from) {
      const { trusted_proxies: networks, user_header: header } = access;
      proxies =
        networks.length === 0 ? undefined : new TrustedProxies({ networks, header: header.toLowerCase() });
      from = access;
    }
    return proxies;
  };
}

/** Loads it when the first password is to be checked. */
function lazily(load: () => Promise<PasswordCheck>): PasswordCheck {
  let loaded: Promise<PasswordCheck> | undefined;
  return async (password, hash) => {
    loaded ??= load();
    const check = await loaded;
    return check(password, hash);
  };
}
