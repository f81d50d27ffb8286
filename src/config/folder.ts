import { isAbsolute, join } from 'node:path';
import { ACCESSES, changedAt, type Setting } from './change-at.ts';
import type { Config } from './config.ts';

/** The keys of what says how a server is asked that name files. */
const OF_ACCESS: readonly Setting[] = [
  ['basic_auth', 'password_file'],
  ['bearer_token_file'],
  ['tls', 'ca_file'],
  ['tls', 'cert_file'],
  ['tls', 'key_file'],
];

/** The settings that name files of secrets and certificates, and those that name lists of endpoints. */
const SECRET_FILES: readonly Setting[] = [
  ...ACCESSES.flatMap((access) => OF_ACCESS.map((key) => [...access, ...key])),
  ['http', 'config_file'],
  ['access', 'tokens_file'],
  ['access', 'jwt', 'jwks_file'],
  ['grpc', 'tls', 'cert_file'],
  ['grpc', 'tls', 'key_file'],
  ['grpc', 'tls', 'client_ca_file'],
  ['grpc_client', 'tls', 'ca_file'],
  ['grpc_client', 'tls', 'cert_file'],
  ['grpc_client', 'tls', 'key_file'],
];
const LISTS: readonly Setting[] = [
  ['discovery', 'files', '*'],
  ['discovery', 'files', '*', 'path'],
  ['discovery', 'endpoints_file'],
  ['query', 'log_file'],
  ['tracing', 'config_file'],
];

/**
 * Takes relative names of files from the folder of the configuration that names them, as Prometheus does (prometheus/common
 * config.JoinDir). Values of any other shape stay: the schema refuses them.
 */
export function filesFrom(folder: string, root: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let joined: unknown = root;
  for (const setting of [...SECRET_FILES, ...LISTS])
    joined = changedAt(setting, joined, (file) => fileFrom(folder, file));
  return joined as Record<string, unknown>;
}

/** The files of secrets and certificates that a configuration names. */
export function filesOf(config: Config): readonly string[] {
  return SECRET_FILES.flatMap((setting) => valuesAt(setting, config));
}

/** The same configuration without those of these files that are to be left out. */
export function withoutFiles(config: Config, isLeftOut: (file: string) => boolean): Config {
  let left: unknown = config;
  for (const setting of SECRET_FILES)
    left = changedAt(setting, left, (file) => (isLeftOut(file) ? undefined : file));
  return left as Config;
}

function valuesAt([key, ...rest]: readonly string[], value: unknown): readonly string[] {
  if (key === undefined) return typeof value === 'string' && value !== '' ? [value] : [];
  if (key === '*') return Array.isArray(value) ? value.flatMap((item) => valuesAt(rest, item)) : [];
  return typeof value === 'object' && value !== null
    ? valuesAt(rest, (value as Readonly<Record<string, unknown>>)[key])
    : [];
}

function fileFrom(folder: string, file: string): string {
  return file === '' || isAbsolute(file) ? file : join(folder, file);
}
