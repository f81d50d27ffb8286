import { isMap, isScalar, LineCounter, parseDocument, visit, type Alias, type Document } from 'yaml';
import { QueryError } from '../model/errors.ts';
import { repeatedKeys } from '../model/repeated-keys.ts';
import { repeatedKey, yamlProblem } from './yaml-problem.ts';

/** A configuration file as it was written. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

export type Path = readonly PropertyKey[];

/** The values of a file, and where each stands in it. */
export interface ConfigDocument {
  /** Plain data: undefined for an empty file. */
  readonly value: unknown;
  /** The line of a key or of an item; that of what it would be a part of where the file does not have it. */
  readonly lineOf: (path: Path) => number | undefined;
}

/** What is wrong with a text that is no YAML, or none that can be read, as sentences with a line each. */
export class DocumentProblems extends Error {
  readonly problems: readonly { readonly line: number; readonly message: string }[];

  constructor(problems: DocumentProblems['problems']) {
    super(problems.map(({ message }) => message).join('; '));
    this.problems = problems;
  }
}

/**
 * Reads a file of YAML.
 * @param instead what is said in the place of each problem where the file holds secrets: problems may quote it.
 * @throws QueryError `bad_data` with one line a problem: file, line, and what is wrong.
 */
export function readConfigDocument({ file, text }: ConfigText, instead?: string): ConfigDocument {
  try {
    return parseConfigDocument(text);
  } catch (thrown) {
    if (!(thrown instanceof DocumentProblems)) throw thrown;
    const sentences = thrown.problems.map(({ line, message }) => `${file}:${line}: ${instead ?? message}`);
    const cause = instead === undefined ? thrown : undefined;
    throw new QueryError('bad_data', sentences.join('\n'), { cause });
  }
}

/** Reads YAML, whose JSON is a part. Throws {@link DocumentProblems}. */
export function parseConfigDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  // Keys are read as texts: 1 and "1" are the same label, so a mapping with both has it twice.
  const options = { lineCounter: lines, stringKeys: true, uniqueKeys: false, prettyErrors: false };
  const document = parseDocument(text, options);
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const problems = problemsOf(document, text);
  if (problems.length > 0)
    throw new DocumentProblems(problems.map(({ at, message }) => ({ line: lineAt(at), message })));
  return { value: valueOf(document, lineAt), lineOf: (path) => lineOf(document, path, lineAt) };
}

/** At a character of the text. */
interface TextProblem {
  readonly at: number;
  readonly message: string;
}

/** Of more keys that are there twice the first are told. */
const MOST_REPEATED = 20;

/** Most errors lead to more of them further down, which say nothing new. A key that is there twice does not. */
function problemsOf(document: Document, text: string): readonly TextProblem[] {
  const [error] = document.errors;
  if (error !== undefined) return [{ at: error.pos[0], message: yamlProblem(error) }];
  const repeated = repeatedIn(document);
  const told = repeated.slice(0, MOST_REPEATED).map((at) => ({ at, message: repeatedKey(text, at) }));
  const more = repeated.length - told.length;
  if (more > 0) told.push({ at: repeated[MOST_REPEATED]!, message: `${more} more keys are there twice` });
  return told;
}

function repeatedIn(document: Document): readonly number[] {
  const found: number[] = [];
  visit(document, {
    Map(_, { items }) {
      for (const at of repeatedKeys(items.map(({ key }) => key).filter(isScalar))) found.push(at);
    },
  });
  return found.sort((a, b) => a - b);
}

/** Aliases are followed here, so what is wrong with them shows only now. */
function valueOf(document: Document, lineAt: (offset: number) => number): unknown {
  try {
    return document.toJS() ?? undefined;
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    const name = /Unresolved alias .*: (?<name>.*)$/.exec(thrown.message)?.groups?.['name'];
    const message =
      name === undefined
        ? 'the aliases (*name) up to this one grow to far too much when they are followed; write the values out'
        : `the alias *${name} has no anchor &${name} above it; write the value out, or add the anchor`;
    const at = aliasesOf(document).findLast(({ source }) => name === undefined || source === name);
    throw new DocumentProblems([{ line: lineAt(at?.range?.[0] ?? 0), message }]);
  }
}

function aliasesOf(document: Document): readonly Alias[] {
  const aliases: Alias[] = [];
  visit(document, {
    Alias(_, alias) {
      aliases.push(alias);
    },
  });
  return aliases;
}

function lineOf(document: Document, path: Path, lineAt: (offset: number) => number): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const key = String(path[length - 1]);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    const start = (node as { readonly range?: readonly number[] } | undefined)?.range?.[0];
    if (start !== undefined) return lineAt(start);
  }
  return undefined;
}
