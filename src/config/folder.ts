import { isAbsolute, join } from 'node:path';

/** The settings that name files. A star stands for every item of a list. */
const FILE_SETTINGS: readonly (readonly string[])[] = [
  ['endpoints', '*', 'basic_auth', 'password_file'],
  ['endpoints', '*', 'bearer_token_file'],
  ['endpoints', '*', 'tls', 'ca_file'],
  ['endpoints', '*', 'tls', 'cert_file'],
  ['endpoints', '*', 'tls', 'key_file'],
  ['grpc', 'tls', 'cert_file'],
  ['grpc', 'tls', 'key_file'],
  ['grpc', 'tls', 'client_ca_file'],
  ['grpc_client', 'tls', 'ca_file'],
  ['grpc_client', 'tls', 'cert_file'],
  ['grpc_client', 'tls', 'key_file'],
  ['discovery', 'files', '*'],
  ['discovery', 'endpoints_file'],
];

/**
 * Takes relative names of files from the folder of the configuration that names them, as Prometheus does (prometheus/common
 * config.JoinDir). Values of any other shape stay: the schema refuses them.
 */
export function filesFrom(folder: string, root: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let joined: unknown = root;
  for (const setting of FILE_SETTINGS) joined = joinedAt(setting, joined, folder);
  return joined as Record<string, unknown>;
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
