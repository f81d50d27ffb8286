import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config/config.ts';
import type { ShownConfig } from '../../config/shown-config.ts';

/** What sockets, threads and the server are made with at the start, and keep. */
const AT_THE_START: readonly (readonly [section: keyof Config, key: string])[] = [
  ['http', 'address'],
  ['http', 'admin_address'],
  ['http', 'config_file'],
  ['http', 'route_prefix'],
  ['http', 'external_url'],
  ['http', 'external_prefix'],
  ['http', 'prefix_header'],
  ['http', 'max_connections'],
  ['http', 'read_timeout'],
  ['http', 'write_timeout'],
  ['access', 'tokens_file'],
  ['access', 'jwt'],
  ['grpc', 'address'],
  ['grpc', 'tls'],
  ['grpc', 'max_connection_age'],
  ['log', 'format'],
  ['query', 'log_file'],
  ['query', 'slow_query_log_threshold'],
  ['query', 'read_once'],
  ['query', 'threads'],
  ['shared_cache', 'redis'],
  ['shared_cache', 'memcached'],
  ['shared_cache', 'namespace'],
  ['shared_cache', 'timeout'],
  ['shared_cache', 'max_value_size'],
  ['tracing', 'config'],
  ['tracing', 'config_file'],
];

/** What a running gateway can make of a configuration. */
export interface Renewed {
  /** The wanted one, with the values of the start where a change needs a restart. */
  readonly config: Config;
  /** Keys of the settings that differ from those of the start, and need a restart. */
  readonly needRestart: readonly string[];
}

/** Lays the settings that cannot change over a configuration that is wanted. */
export function keepForRestart(started: Config, wanted: Config): Renewed {
  const changed = AT_THE_START.filter(
    ([section, key]) => !isDeepStrictEqual(valueOf(started, section, key), valueOf(wanted, section, key)),
  );
  const config: Partial<Record<keyof Config, unknown>> = { ...wanted };
  for (const [section, key] of changed)
    config[section] = { ...(config[section] as object), [key]: valueOf(started, section, key) };
  return { config: config as unknown as Config, needRestart: changed.map((path) => path.join('.')) };
}

/** The same for what is shown of a configuration: as it was at the start where a change needs a restart. */
export function keepShown(
  started: ShownConfig,
  wanted: ShownConfig,
  needRestart: readonly string[],
): ShownConfig {
  const shown: Record<string, Readonly<Record<string, unknown>>> = { ...sectionsOf(wanted) };
  for (const path of needRestart) {
    const [section = '', key = ''] = path.split('.');
    const { [key]: _, ...others } = shown[section] ?? {};
    const before = sectionsOf(started)[section] ?? {};
    shown[section] = Object.hasOwn(before, key) ? { ...others, [key]: before[key] } : others;
    if (Object.keys(shown[section]).length === 0) delete shown[section];
  }
  return shown;
}

function sectionsOf(shown: ShownConfig): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return shown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function valueOf(config: Config, section: keyof Config, key: string): unknown {
  return (config[section] as unknown as Readonly<Record<string, unknown>>)[key];
}
