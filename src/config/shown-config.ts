import { stringify } from 'yaml';
import { withoutSecrets } from '../model/server-address.ts';
import { ACCESSES, changedAt, type Setting } from './change-at.ts';
import { DocumentProblems, parseConfigDocument } from './document.ts';

/** A configuration for clients to see: what a file and flags say, in the form of the file, without secrets and defaults. */
export type ShownConfig = Readonly<Record<string, unknown>>;

/** As Prometheus writes it. */
const SECRET = '<secret>';

/** Values of headers and parameters are mostly keys of an API. The names of files of secrets are none. */
const SECRETS: readonly Setting[] = [
  ['shared_cache', 'redis', 'password'],
  ...ACCESSES.flatMap((access) => [
    [...access, 'basic_auth', 'password'],
    [...access, 'bearer_token'],
    [...access, 'headers', '*'],
    [...access, 'parameters', '*'],
    [...access, 'tenants', 'values', '*'],
  ]),
];

/** The query of a list may be a key. The schema refuses credentials in addresses. */
const ADDRESSES: readonly Setting[] = [
  ['endpoints', '*', 'address'],
  ['discovery', 'http', '*', 'url'],
  ['discovery', 'kubernetes', '*', 'api_server'],
  ['access', 'jwt', 'jwks_url'],
];

/** The keys of a tracing configuration that hold no secret. All others are masked, also such as have no effect. */
const SHOWN_OF_TRACING: ReadonlySet<string> = new Set([
  'client_type',
  'service_name',
  'resource_attributes',
  'compression',
  'insecure',
  'endpoint',
  'timeout',
  'tls_config',
  'sampler_type',
  'sampler_param',
]);

/** @param root what the file and the flags say, as the schema takes it. */
export function shownConfig(root: Readonly<Record<string, unknown>>): ShownConfig {
  let shown: unknown = root;
  for (const setting of SECRETS) shown = changedAt(setting, shown, () => SECRET);
  for (const setting of ADDRESSES) shown = changedAt(setting, shown, withoutSecrets);
  return changedAt(['tracing', 'config'], shown, shownTracing) as ShownConfig;
}

/** The text of a file. */
export function printConfig(shown: ShownConfig): string {
  // What is the same text in two places is the same object where the file had an alias.
  return stringify(shown, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** The text of a tracing configuration; nothing of it where it is no mapping of the form that it should have. */
function shownTracing(text: string): string {
  const given = mappingIn(text);
  if (given === undefined) return SECRET;
  const { type, config } = given;
  return printConfig({
    ...(typeof type === 'string' && { type }),
    ...(typeof config === 'object' && config !== null && { config: maskedTracing(config) }),
  });
}

function mappingIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { value } = parseConfigDocument(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (thrown) {
    if (thrown instanceof DocumentProblems) return undefined;
    throw thrown;
  }
}

function maskedTracing(config: object): Record<string, unknown> {
  const masked = Object.entries(config).map(([key, value]: [string, unknown]) => {
    if (SHOWN_OF_TRACING.has(key)) return [key, value] as const;
    if (key === 'headers' && typeof value === 'object' && value !== null)
      return [key, Object.fromEntries(Object.keys(value).map((name) => [name, SECRET]))] as const;
    return [key, key === 'url_path' && typeof value === 'string' ? withoutSecrets(value) : SECRET] as const;
  });
  return Object.fromEntries(masked);
}
