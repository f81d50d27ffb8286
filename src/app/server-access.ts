import {
  type Authorization,
  basicAuthorization,
  type TlsOptions,
  type TlsSource,
} from '../backend/connection-options.ts';
import type { Access, TlsConfig } from '../config/endpoint-config.ts';
import { type FileNote, PemFiles, type Pem } from './pem-files.ts';
import { SecretFile } from './secret-file.ts';

/** How one server is asked. Its files are read again when they change. */
export interface ServerAccess {
  readonly options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly authorization?: Authorization;
    readonly tls?: TlsSource;
  };
  /** What is wrong with its files now; undefined where it has none. */
  readonly trouble: (() => string | undefined) | undefined;
  /** When the certificate that the server is shown expires, ms since the epoch; undefined where it is shown none. */
  readonly certificateExpiry: (() => number | undefined) | undefined;
}

/** @param tls the settings of TLS, which may follow from others than those of the server alone. Throws `bad_data` where a file cannot be used. */
export function serverAccess(access: Access, tls: TlsConfig | undefined, note: FileNote): ServerAccess {
  const secret = secretFileOf(access, note);
  const authorization = authorizationOf(access, secret);
  const pem = tls && new PemFiles({ ca: tls.ca_file, cert: tls.cert_file, key: tls.key_file }, note);
  return {
    options: {
      headers: access.headers,
      ...(authorization && { authorization }),
      ...(tls && pem && { tls: tlsOf(tls, pem) }),
    },
    trouble:
      secret === undefined && pem === undefined ? undefined : () => secret?.problem() ?? pem?.problem(),
    certificateExpiry: pem && (() => pem.expiry()),
  };
}

/** The file of the one secret that a server may ask for. */
function secretFileOf(access: Access, note: FileNote): SecretFile | undefined {
  const file = access.basic_auth?.password_file ?? access.bearer_token_file;
  return file === undefined ? undefined : new SecretFile(file, note);
}

function authorizationOf(
  { basic_auth: basic, bearer_token: token }: Access,
  secret: SecretFile | undefined,
): Authorization | undefined {
  if (basic !== undefined)
    return () => basicAuthorization(basic.username, secret?.current() ?? basic.password ?? '');
  if (token === undefined && secret === undefined) return undefined;
  return () => `Bearer ${secret?.current() ?? token ?? ''}`;
}

function tlsOf(tls: TlsConfig, files: PemFiles): TlsSource {
  let texts: Pem | undefined;
  let options: TlsOptions = {};
  return () => {
    const now = files.current();
    if (now !== texts) options = tlsOptions(now, tls);
    texts = now;
    return options;
  };
}

function tlsOptions({ ca, cert, key }: Pem, tls: TlsConfig): TlsOptions {
  return {
    insecureSkipVerify: tls.insecure_skip_verify,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls.server_name !== undefined && { serverName: tls.server_name }),
  };
}
