import { isAbsolute, join } from 'node:path';
import type { Config } from './config.ts';

type Setting = readonly string[];

/** The keys of what says how a server is asked that name files. */
const OF_ACCESS: readonly Setting[] = [
  ['basic_auth', 'password_file'],
  ['bearer_token_file'],
  ['tls', 'ca_file'],
  ['tls', 'cert_file'],
  ['tls', 'key_file'],
];
const ACCESSES: readonly Setting[] = [
  ['endpoints', '*'],
  ['discovery', 'files', '*', 'endpoint'],
  ['discovery', 'http', '*'],
  ['discovery', 'http', '*', 'endpoint'],
  ['discovery', 'kubernetes', '*'],
  ['discovery', 'kubernetes', '*', 'endpoint'],
];

/** The settings that name files of secrets and certificates, and those that name lists of endpoints. A star stands for every item of a list. */
const SECRET_FILES: readonly Setting[] = [
  ...ACCESSES.flatMap((access) => OF_ACCESS.map((key) => [...access, ...key])),
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
  for (const setting of [...SECRET_FILES, ...LISTS]) joined = joinedAt(setting, joined, folder);
  return joined as Record<string, unknown>;
}

/** The files of secrets and certificates that a configuration names. */
export function filesOf(config: Config): readonly string[] {
  return SECRET_FILES.flatMap((setting) => valuesAt(setting, config));
}

function valuesAt([key, ...rest]: readonly string[], value: unknown): readonly string[] {
  if (key === undefined) return typeof value === 'string' && value !== '' ? [value] : [];
  if (key === '*') return Array.isArray(value) ? value.flatMap((item) => valuesAt(rest, item)) : [];
  return typeof value === 'object' && value !== null
    ? valuesAt(rest, (value as Readonly<Record<string, unknown>>)[key])
    : [];
}

function joinedAt([key, ...rest]: readonly string[], value: unknown, folder: string): unknown {
  if (key === undefined) return typeof value === 'string' ? fileFrom(folder, value) : value;
  if (key === '*') return Array.isArray(value) ? value.map((item) => joinedAt(rest, item, folder)) : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: joinedAt(rest, (value as Record<string, unknown>)[key], folder) };
}

function fileFrom(folder: string, file: string): string {
  return file === '' || isAbsolute(file) ? file : join(folder, file);
}
