import { dirname } from 'node:path';
import { QueryError } from '../model/errors.ts';
import type { Config } from './config.ts';
import { allowedKeys, describeIssue, keyText, type Described } from './describe-issue.ts';
import { readConfigDocument, type ConfigDocument, type ConfigText } from './document.ts';
import { filesFrom } from './folder.ts';
import { configSchema } from './schema.ts';
import { shownConfig, type ShownConfig } from './shown-config.ts';

/** One value given outside of the file, such as a flag, that replaces the file's. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  /** How people know it: `--query.timeout`. */
  readonly source: string;
}

/** A configuration, and how to tell what is wrong with its values beyond their form. */
export interface OpenConfig {
  readonly config: Config;
  /** What the file and the overrides say, without secrets. */
  readonly shown: ShownConfig;
  /** An error that says all of it, in the order of the file, with line (or flag) and key. */
  readonly refusal: (problems: readonly Described[]) => QueryError;
}

/** Parses and validates a configuration as {@link openConfig} does, for callers that look no further at its values. */
export function loadConfig(source: ConfigText | undefined, overrides: readonly Override[] = []): Config {
  return openConfig(source, overrides).config;
}

/**
 * Parses and validates a configuration: the file where there is one, then the overrides, then the defaults.
 * Throws `bad_data` with one line a problem, in the order of the file: file and line (or flag), key, and what is allowed.
 */
export function openConfig(source: ConfigText | undefined, overrides: readonly Override[] = []): OpenConfig {
  const file = source?.file ?? 'configuration';
  const document = readConfigDocument({ file, text: source?.text ?? '' });
  // Flags name files as the shell does: from the working directory.
  const root = filesFrom(dirname(file), toMapping(document.value, file));
  for (const override of overrides) assign(root, override);
  const refusal = (problems: readonly Described[]): QueryError =>
    refused(problems, file, document, overrides);
  const parsed = configSchema.safeParse(root);
  if (parsed.success) return { config: parsed.data, shown: shownConfig(root), refusal };
  throw refusal(parsed.error.issues.flatMap((issue) => describeIssue(issue, configSchema)));
}

function toMapping(value: unknown, file: string): Record<string, unknown> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  const allowed = allowedKeys(configSchema, []).join(', ');
  throw new QueryError(
    'bad_data',
    `${file}:1: the configuration must be a mapping; allowed keys: ${allowed}`,
  );
}

function assign(root: Record<string, unknown>, { path, value }: Override): void {
  let at = root;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    at[key] = typeof next === 'object' && next !== null ? { ...next } : {};
    at = at[key] as Record<string, unknown>;
  }
  at[path.at(-1)!] = value;
}

function refused(
  problems: readonly Described[],
  file: string,
  document: ConfigDocument,
  overrides: readonly Override[],
): QueryError {
  const placed = problems.map(({ path, message }) => {
    const flag = overrides.find(
      (override) => keyText(path.slice(0, override.path.length)) === keyText(override.path),
    );
    if (flag !== undefined) return { line: Infinity, text: `${flag.source}: ${message}` };
    const line = document.lineOf(path);
    const at = line === undefined ? file : `${file}:${line}`;
    return { line: line ?? 0, text: `${at}: ${keyText(path)}: ${message}` };
  });
  // The sort keeps the order of those that stand on one line.
  const sentences = placed.toSorted((a, b) => a.line - b.line || 0).map(({ text }) => text);
  return new QueryError('bad_data', sentences.join('\n'));
}
