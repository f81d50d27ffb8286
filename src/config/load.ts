import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { QueryError } from '../model/errors.ts';
import type { Config } from './config.ts';
import { configSchema } from './schema.ts';

/** One value given outside of the file, such as a flag, that replaces the file's. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  /** How people know it: `--query.timeout`. */
  readonly source: string;
}

export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

type Path = readonly PropertyKey[];

/**
 * Parses and validates a configuration: the file where there is one, then the overrides, then the defaults.
 * Throws `bad_data` with one line a problem: file and line (or flag), key, and what is allowed.
 */
export function loadConfig(source: ConfigText | undefined, overrides: readonly Override[] = []): Config {
  const lines = new LineCounter();
  const document = parseDocument(source?.text ?? '{}', { lineCounter: lines });
  const file = source?.file ?? 'configuration';
  if (document.errors.length > 0) {
    throw problems(
      document.errors.map((error) => `${file}:${lines.linePos(error.pos[0]).line}: ${firstLine(error)}`),
    );
  }
  const root = toMapping(document, file);
  for (const override of overrides) assign(root, override);
  const parsed = configSchema.safeParse(root);
  if (parsed.success) return parsed.data;
  const where = (path: Path): string => place(path, file, document, lines, overrides);
  throw problems(parsed.error.issues.flatMap((issue) => describe(issue, where)));
}

function problems(sentences: readonly string[]): QueryError {
  return new QueryError('bad_data', sentences.join('\n'));
}

function firstLine(error: Error): string {
  return error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:$/, '');
}

function toMapping(document: Document, file: string): Record<string, unknown> {
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problems([
      `${file}:1: the configuration must be a mapping; allowed keys: ${allowedKeys(configSchema, []).join(', ')}`,
    ]);
  }
  return value as Record<string, unknown>;
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

function describe(issue: z.core.$ZodIssue, where: (path: Path) => string): readonly string[] {
  if (issue.code !== 'unrecognized_keys') return [`${where(issue.path)}: ${sentence(issue)}`];
  const allowed = allowedKeys(configSchema, issue.path).join(', ');
  return issue.keys.map((key) => `${where([...issue.path, key])}: no such setting; allowed here: ${allowed}`);
}

/** The keys that a mapping at `path` of the schema may have; empty where any key is fine. */
function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const at = unwrapped(path.reduce(innerOf, schema));
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function innerOf(schema: z.ZodType, key: PropertyKey): z.ZodType {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return inner.shape[String(key)] as z.ZodType;
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return inner;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  const word = issue.code === 'invalid_type' ? WORDS[issue.expected] : undefined;
  return word === undefined ? issue.message : `must be ${word}`;
}

const WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping of names to strings',
  array: 'a list',
  boolean: 'true or false',
};

/** `file:line: key` of the nearest node that the file has, or the flag that set the value. */
function place(
  path: Path,
  file: string,
  document: Document,
  lines: LineCounter,
  overrides: readonly Override[],
): string {
  const key = path.map(String).join('.');
  const flag = overrides.find(
    (override) => path.slice(0, override.path.length).join('.') === override.path.join('.'),
  );
  if (flag !== undefined) return flag.source;
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { readonly range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return `${file}:${lines.linePos(range[0]).line}: ${key}`;
  }
  return `${file}: ${key}`;
}
