import { createSecureContext, getCACertificates, type SecureContextOptions } from 'node:tls';
import { CURVES, opensslCiphers, TLS_VERSIONS } from '../../config/web/ciphers.ts';
import type { ClientAuthType, WebTlsConfig } from '../../config/web/web-config.ts';
import type { ClientCertificates, ServerTls } from '../../http/secure-connections.ts';
import { QueryError } from '../../model/errors.ts';
import { checkAuthorities } from '../pem-files.ts';
import type { ReadFile } from './watched-value.ts';

const CLIENTS: Readonly<Record<ClientAuthType, ClientCertificates>> = {
  NoClientCert: { isAsked: false, isDemanded: false, isChecked: false },
  RequestClientCert: { isAsked: true, isDemanded: false, isChecked: false },
  RequireAnyClientCert: { isAsked: true, isDemanded: true, isChecked: false },
  VerifyClientCertIfGiven: { isAsked: true, isDemanded: false, isChecked: true },
  RequireAndVerifyClientCert: { isAsked: true, isDemanded: true, isChecked: true },
};

/** Versions that OpenSSL takes for broken work at its lowest level of security alone. */
const BROKEN: ReadonlySet<string> = new Set(['TLS10', 'TLS11']);

/** TLS of a web configuration as the server takes it. Throws `bad_data` where a file cannot be used; it quotes no key. */
export function serverTlsOf(config: WebTlsConfig, read: ReadFile): ServerTls {
  const cert = config.cert_file === '' ? config.cert : read(config.cert_file);
  const key = config.key_file === '' ? config.key : read(config.key_file);
  const clients = CLIENTS[config.client_auth_type];
  const level = BROKEN.has(config.min_version) ? ':@SECLEVEL=0' : '';
  const context: ServerTls['context'] = {
    cert,
    key,
    ...(clients.isAsked && { ca: authoritiesOf(config, read) }),
    minVersion: TLS_VERSIONS.get(config.min_version)!,
    maxVersion: TLS_VERSIONS.get(config.max_version)!,
    ciphers: opensslCiphers(config.cipher_suites) + level,
    honorCipherOrder: config.prefer_server_cipher_suites,
    ecdhCurve: config.curve_preferences.map((name) => CURVES.get(name)!).join(':') || 'auto',
  };
  checkPair(config, context);
  return { context, clients, allowedNames: config.client_allowed_sans };
}

/** Those of the system where none is named, as Go does. */
function authoritiesOf(
  { client_ca_file: file, client_ca: text }: WebTlsConfig,
  read: ReadFile,
): string | string[] {
  const given = file === '' ? text : read(file);
  if (file === '' && text === '') return getCACertificates('system');
  checkAuthorities(file === '' ? 'client_ca' : file, given);
  return given;
}

function checkPair({ cert_file: cert, key_file: key }: WebTlsConfig, context: SecureContextOptions): void {
  try {
    void createSecureContext({ ...context, cert: context.cert || ' ', key: context.key || ' ' });
  } catch (thrown) {
    const files = `${cert || 'cert'} and ${key || 'key'}`;
    // OpenSSL names what it missed, and quotes nothing.
    throw new QueryError('bad_data', `${files} are no certificate with its key: ${opensslReason(thrown)}`, {
      cause: thrown,
    });
  }
}

function opensslReason(thrown: unknown): string {
  const { reason, code } = thrown as { readonly reason?: string; readonly code?: string };
  return reason ?? code ?? 'OpenSSL refuses them';
}
