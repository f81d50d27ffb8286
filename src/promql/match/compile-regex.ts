import { LRUCache } from 'lru-cache';
import { RE2JS, RE2JSException } from 're2js';
import { QueryError, messageOf } from '../../model/errors.ts';
import { fastMatch } from './fast-match.ts';
import { programSize } from './program-size.ts';
import type { ValuePredicate } from './value-predicate.ts';

/** Compiling takes about 5 µs a character, and must not block the event loop for long. */
const MAX_PATTERN_LENGTH = 16_384;
/** The same for patterns that grow by repetition, and for all of a query together, in instructions of their programs. */
export const MAX_PROGRAM_SIZE = 20_000;

const CACHED_PATTERNS = 1_000;
/** Bounds the memory of compiled patterns, which are many times as large as their text. */
const CACHED_CHARACTERS = 4_000_000;

interface Compiled {
  readonly matches: ValuePredicate;
  /** Instructions, as estimated; 0 where no regex engine is needed. */
  readonly size: number;
}

const cache = new LRUCache<string, Compiled>({
  max: CACHED_PATTERNS,
  maxSize: CACHED_CHARACTERS,
  sizeCalculation: (_, pattern) => pattern.length + 1,
});

/**
 * Compiles a pattern with Prometheus' meaning: RE2 syntax, anchored at both ends, the dot matching newlines too. Common
 * forms (literals, prefixes, alternations …) run without a regex engine. Throws QueryError `bad_data`.
 */
export function compileRegex(pattern: string): ValuePredicate {
  return compiled(pattern).matches;
}

/** About how many instructions a pattern compiles to, told before it is compiled; 0 for the common forms. */
export function patternSize(pattern: string): number {
  return known(pattern)?.size ?? programSize(pattern);
}

function compiled(pattern: string): Compiled {
  const before = known(pattern);
  if (before !== undefined) return before;
  const fresh = compileRe2(pattern);
  cache.set(pattern, fresh);
  return fresh;
}

/** What was compiled before or needs no regex engine. */
function known(pattern: string): Compiled | undefined {
  const cached = cache.get(pattern);
  if (cached !== undefined) return cached;
  const matches = fastMatch(pattern);
  if (matches === undefined) return undefined;
  const fast = { matches, size: 0 };
  cache.set(pattern, fast);
  return fast;
}

/** What is wrong with a pattern, in Go's words; undefined where it compiles. */
export function regexProblem(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof QueryError) return thrown.message;
    throw thrown;
  }
}

function compileRe2(pattern: string): Compiled {
  if (pattern.length > MAX_PATTERN_LENGTH)
    throw tooLarge(`it has ${pattern.length} characters; ${MAX_PATTERN_LENGTH} are allowed`);
  if (!pattern.isWellFormed())
    throw new QueryError('bad_data', `error parsing regexp: invalid UTF-8: \`${pattern.toWellFormed()}\``);
  const size = programSize(pattern);
  if (size > MAX_PROGRAM_SIZE)
    throw tooLarge(`its repetitions expand to about ${size} steps; ${MAX_PROGRAM_SIZE} are allowed`);
  try {
    const regex = RE2JS.compile(pattern, RE2JS.DOTALL);
    return { matches: (value) => regex.matches(value), size };
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    throw new QueryError('bad_data', goProblem(messageOf(thrown)), { cause: thrown });
  }
}

/**
 * The engine quotes the pattern with the flag that it was given, which the user did not write; and it leaves an empty
 * quote out, which Go does not.
 */
function goProblem(message: string): string {
  const own = message.replace('`(?s)', '`');
  return own.endsWith('trailing backslash at end of expression') ? `${own}: \`\`` : own;
}

function tooLarge(why: string): QueryError {
  return new QueryError(
    'bad_data',
    `error parsing regexp: expression too large: ${why}. Alternations of plain texts (a|b|c) have no such limit`,
  );
}
