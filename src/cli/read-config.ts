import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { loadConfig, type ConfigText, type Override } from '../config/load.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import type { Flag } from './flags.ts';
import type { ParsedFlags } from './parse-flags.ts';

/** The configuration that a file holds, with defaults for what it leaves out. */
export function configOfFile(file: string): Config {
  return loadConfig(readConfigFile(file));
}

/** The configuration that a command line asks for: the file of `--config`, then flags, then defaults. */
export function configFromFlags(flags: readonly Flag[], parsed: ParsedFlags): Config {
  const file = parsed.values.get('config');
  return loadConfig(typeof file === 'string' ? readConfigFile(file) : undefined, overridesOf(flags, parsed));
}

function readConfigFile(file: string): ConfigText {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (thrown) {
    throw new QueryError('bad_data', `cannot read the configuration: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function overridesOf(flags: readonly Flag[], { values }: ParsedFlags): readonly Override[] {
  const given = flags.flatMap(({ name, setting }): readonly Override[] => {
    const value = values.get(name);
    return setting === undefined || value === undefined
      ? []
      : [{ path: setting, value, source: `--${name}` }];
  });
  const bySetting = Map.groupBy(given, ({ path }) => path.join('.'));
  return [...bySetting].map(([setting, overrides]) => {
    const { path, value, source } = overrides.reduce(together);
    return { path, value: setting === 'endpoints' ? asEndpoints(value) : value, source };
  });
}

/** Lists of several flags are joined. For other values the flag that comes last in the help counts. */
function together(a: Override, b: Override): Override {
  if (!Array.isArray(a.value) || !Array.isArray(b.value)) return b;
  const value: readonly unknown[] = [...(a.value as unknown[]), ...(b.value as unknown[])];
  return { path: a.path, value, source: `${a.source} or ${b.source}` };
}

function asEndpoints(value: unknown): unknown {
  return Array.isArray(value) ? value.map((address: unknown) => ({ address })) : value;
}
