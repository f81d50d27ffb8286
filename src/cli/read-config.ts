import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { loadConfig, type ConfigText, type Override } from '../config/load.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import type { Flag } from './flags.ts';
import type { ParsedFlags } from './parse-flags.ts';

/** The configuration that a command line asks for: the file of `--config`, then flags, then defaults. */
export function configFromFlags(flags: readonly Flag[], parsed: ParsedFlags): Config {
  const file = parsed.values.get('config');
  return loadConfig(typeof file === 'string' ? readConfigFile(file) : undefined, overridesOf(flags, parsed));
}

export function readConfigFile(file: string): ConfigText {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (thrown) {
    throw new QueryError('bad_data', `cannot read the configuration: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function overridesOf(flags: readonly Flag[], { values }: ParsedFlags): readonly Override[] {
  return flags.flatMap(({ name, setting }) => {
    const value = values.get(name);
    if (setting === undefined || value === undefined) return [];
    return [{ path: setting, value: name === 'endpoint' ? asEndpoints(value) : value, source: `--${name}` }];
  });
}

function asEndpoints(value: unknown): unknown {
  return Array.isArray(value) ? value.map((address: unknown) => ({ address })) : value;
}
