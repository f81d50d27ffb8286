import { statSync } from 'node:fs';
import { forgivenProblems, startProblems } from '../app/config-problems.ts';
import { checkedHere, unseenFiles } from '../app/pod-files.ts';
import { readTextFile } from '../app/read-text-file.ts';
import { stampOfFile } from '../app/file-stamp.ts';
import type { ConfigReading } from '../app/reload/config-source.ts';
import type { Config } from '../config/config.ts';
import type { ConfigText } from '../config/document.ts';
import { filesOf } from '../config/folder.ts';
import { openConfig, type Override } from '../config/load.ts';
import type { Problem } from '../config/problem.ts';
import { ANY_ORIGIN } from '../model/any-origin.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { askOwnThread, LONG_YAML } from '../model/own-thread.ts';
import { failed, success } from '../model/result.ts';
import type { Flag } from './flags/flag.ts';
import type { ParsedFlags } from './parse-flags.ts';

/**
 * The configuration that a file holds, with defaults for what it leaves out, and a note about files that it names and that could not be
 * checked here.
 * Throws `bad_data` also for what a start forgives.
 */
export async function configOfFile(
  file: string,
): Promise<{ readonly config: Config; readonly note: string | undefined }> {
  const { config, refusal } = openConfig(readConfigFile(file));
  const here = checkedHere(config);
  const problems = [
    ...startProblems(here.config),
    ...forgivenProblems(config),
    ...(await originProblems(config)),
    ...(await tenantProblems(config)),
    ...(await blockedProblems(config)),
  ];
  if (problems.length > 0) throw refusal(problems);
  return { config, note: unseenFiles(here.unseen) };
}

/** Patterns of origins are rare, and what compiles them takes long to load. A start finds what is wrong with one by itself. */
async function originProblems({ http }: Config): Promise<readonly Problem[]> {
  if (http.cors_origin === undefined || http.cors_origin === ANY_ORIGIN) return [];
  const { compileRegex } = await import('../promql/match/compile-regex.ts');
  try {
    compileRegex(http.cors_origin);
    return [];
  } catch (thrown) {
    return [{ path: ['http', 'cors_origin'], message: messageOf(thrown) }];
  }
}

/** The same for selectors of tenants. */
async function tenantProblems({ tenancy }: Config): Promise<readonly Problem[]> {
  if (Object.keys(tenancy.tenants).length === 0) return [];
  const { tenancyProblems } = await import('../app/tenancy.ts');
  return tenancyProblems(tenancy).map(({ path, message }) => ({ path: ['tenancy', ...path], message }));
}

/** The same for queries that are blocked. */
async function blockedProblems({ blocked_queries: blocked }: Config): Promise<readonly Problem[]> {
  if (blocked.length === 0) return [];
  const { blockedQueryProblems } = await import('../app/blocked-queries.ts');
  return blockedQueryProblems(blocked).map(({ path, message }) => ({
    path: ['blocked_queries', ...path],
    message,
  }));
}

/** The configuration that a command line asks for: the file of `--config`, then flags, then defaults. Throws `bad_data`. */
export function configFromFlags(flags: readonly Flag[], parsed: ParsedFlags): Config {
  return configOf(readingFromFlags(flags, parsed));
}

/** What was read, where it can be used. Throws `bad_data` with what is wrong. */
export function configOf({ config }: ConfigReading): Config {
  if (!config.ok) throw new QueryError('bad_data', config.failure);
  return config.value;
}

/** The same as {@link configFromFlags}, with the files that it comes from. */
export function readingFromFlags(flags: readonly Flag[], parsed: ParsedFlags): ConfigReading {
  const file = parsed.values.get('config');
  const files = new Map<string, string>();
  // A change between looking at a file and reading it shows at the next look.
  const look = (name: string): void => void files.set(name, stampOfFile(name));
  if (typeof file === 'string') look(file);
  try {
    const source = typeof file === 'string' ? readConfigFile(file) : undefined;
    const { config, shown, refusal } = openConfig(source, overridesOf(flags, parsed));
    filesOf(config).forEach(look);
    const problems = startProblems(config);
    if (problems.length > 0) throw refusal(problems);
    return { config: success(config), shown, files };
  } catch (thrown) {
    if (!(thrown instanceof QueryError) || thrown.kind !== 'bad_data') throw thrown;
    return { config: failed(thrown.message), shown: {}, files };
  }
}

/**
 * The same as {@link readingFromFlags} for a gateway that runs. A long file is read, and what it says is checked, in a thread of its own.
 * @param before what was read last, whose files are looked at where the thread fails.
 */
export async function readAgain(
  flags: readonly Flag[],
  parsed: ParsedFlags,
  before: ConfigReading,
): Promise<ConfigReading> {
  const file = parsed.values.get('config');
  if (typeof file !== 'string' || !isLong(file)) return readingFromFlags(flags, parsed);
  const names = [...before.files.keys()];
  const files = new Map(names.map((name) => [name, stampOfFile(name)]));
  try {
    return await askOwnThread<ConfigReading>(import.meta.url, 'config-thread', { flags, parsed });
  } catch (thrown) {
    return { config: failed(`cannot read ${file}: ${messageOf(thrown)}`), shown: {}, files };
  }
}

/** Of one that cannot be looked at, whoever reads it tells why. */
function isLong(file: string): boolean {
  try {
    return statSync(file).size > LONG_YAML;
  } catch {
    return false;
  }
}

function readConfigFile(file: string): ConfigText {
  return { file, text: readTextFile(file)! };
}

function overridesOf(flags: readonly Flag[], { values }: ParsedFlags): readonly Override[] {
  const given = flags.flatMap(({ name, setting, each }): readonly Override[] => {
    const value = values.get(name);
    return setting === undefined || value === undefined
      ? []
      : [{ path: setting, value: itemsOf(setting, value, each), source: `--${name}` }];
  });
  const bySetting = Map.groupBy(given, ({ path }) => path.join('.'));
  return [...bySetting.values()].map((overrides) => overrides.reduce(together));
}

/** Lists of several flags are joined. For other values the flag that comes last in the help counts. */
function together(a: Override, b: Override): Override {
  if (!Array.isArray(a.value) || !Array.isArray(b.value)) return b;
  const value: readonly unknown[] = [...(a.value as unknown[]), ...(b.value as unknown[])];
  return { path: a.path, value, source: `${a.source} or ${b.source}` };
}

/** Flags name endpoints by their addresses. */
function itemsOf(setting: readonly string[], value: unknown, each: Flag['each']): unknown {
  return setting.join() === 'endpoints' && Array.isArray(value)
    ? value.map((address: unknown) => ({ address, ...each }))
    : value;
}
