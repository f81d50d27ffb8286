import { LRUCache } from 'lru-cache';
import { RE2JS, RE2JSException } from 're2js';
import { QueryError, messageOf } from '../../model/errors.ts';
import { MAX_SORTED, fastMatch, type FastMatch, type ValuePredicate } from './fast-match.ts';
import { unnameGroups } from './group-names.ts';
import { programSize } from './program-size.ts';

/** Compiling takes about 5 µs a character, and must not block the event loop for long. */
const MAX_PATTERN_LENGTH = 16_384;
/** The same for patterns that grow by repetition, and for all of a query together, in instructions of their programs. */
export const MAX_PROGRAM_SIZE = 20_000;
/** Characters of all patterns of a query and of the texts in them; lists of texts take about 0.1 µs each. */
export const MAX_QUERY_CHARACTERS = 4_000_000;

/** What the engine says of a name that it knows already. */
const REFUSED_NAME = 'duplicate capture group name';

const CACHED_PATTERNS = 1_000;
/** Memory for compiled patterns, bytes. */
const CACHED_BYTES = 64_000_000;
/** About what a pattern takes that is compiled: at all, for an instruction, and for a character of it or of its texts. */
const PATTERN_BYTES = 6000;
const STEP_BYTES = 160;
const CHARACTER_BYTES = 4;

/** What a pattern costs, told before it is compiled. */
export interface PatternCost {
  /** Instructions for the regex engine, about; 0 where it is not needed. */
  readonly steps: number;
  /** Characters of the pattern and of the texts that it spells out. */
  readonly characters: number;
}

interface MeasuredPattern extends PatternCost {
  compile(): ValuePredicate;
}

const cache = new LRUCache<string, MeasuredPattern>({
  max: CACHED_PATTERNS,
  maxSize: CACHED_BYTES,
  sizeCalculation: ({ steps, characters }) =>
    PATTERN_BYTES + STEP_BYTES * steps + CHARACTER_BYTES * characters,
});

/**
 * Compiles a pattern with Prometheus' meaning: RE2 syntax, anchored at both ends, the dot matching newlines too. Common
 * forms (literals, prefixes, alternations …) run without a regex engine. Throws QueryError `bad_data`.
 */
export function compileRegex(pattern: string): ValuePredicate {
  return measured(pattern).compile();
}

/** Of a pattern as a matcher. */
export function patternCost(pattern: string): PatternCost {
  return measured(pattern);
}

/** Of a pattern that captures groups, which only the regex engine can do. */
export function captureCost(pattern: string): PatternCost {
  return { steps: programSize(pattern), characters: pattern.length };
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

function measured(pattern: string): MeasuredPattern {
  const cached = cache.get(pattern);
  if (cached !== undefined) return cached;
  const fresh = split(pattern) ?? whole(pattern);
  cache.set(pattern, fresh);
  return fresh;
}

/** Texts and a rest for the engine, where the rest costs less than the whole. */
function split(pattern: string): MeasuredPattern | undefined {
  const match = fastMatch(pattern);
  if (match === undefined) return undefined;
  const { rests, characters } = match;
  const steps = rests.reduce((sum, rest) => sum + rest.looks * programSize(rest.pattern), 0);
  if (steps > 0 && steps > Math.min(programSize(pattern), MAX_PROGRAM_SIZE)) return undefined;
  return { steps, characters, compile: once(() => compileSplit(pattern, match)) };
}

function compileSplit(pattern: string, match: FastMatch): ValuePredicate {
  try {
    return match.compile(compileRe2);
  } catch (thrown) {
    // What is wrong is told of the pattern as it was written, unless it is too large for that.
    if (pattern.length <= MAX_PATTERN_LENGTH) return compileRe2(pattern);
    throw thrown;
  }
}

function whole(pattern: string): MeasuredPattern {
  const characters = pattern.length + 1;
  return { steps: programSize(pattern), characters, compile: once(() => compileRe2(pattern)) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Why a pattern is too large for the regex engine; undefined where it is not. */
export function sizeProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH)
    return `it has ${pattern.length} characters; ${MAX_PATTERN_LENGTH} are allowed`;
  const steps = programSize(pattern);
  if (steps <= MAX_PROGRAM_SIZE) return undefined;
  return `it expands to about ${steps} steps; ${MAX_PROGRAM_SIZE} are allowed`;
}

function compileRe2(pattern: string): ValuePredicate {
  const tooLarge = sizeProblem(pattern);
  if (tooLarge !== undefined)
    throw new QueryError(
      'bad_data',
      `error parsing regexp: expression too large: ${tooLarge}. Alternations of plain texts (a|b|c) have no such limit, nor ` +
        `have up to ${MAX_SORTED} of them with one more expression before or behind: (a|b|c)(:\\d+)?`,
    );
  if (!pattern.isWellFormed())
    throw new QueryError('bad_data', `error parsing regexp: invalid UTF-8: \`${pattern.toWellFormed()}\``);
  try {
    const regex = engineOf(pattern);
    return (value) => regex.matches(value);
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    throw new QueryError('bad_data', goProblem(messageOf(thrown)), { cause: thrown });
  }
}

/** A matcher does not care how groups are called, and the engine refuses names that Go takes. */
function engineOf(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (thrown) {
    if (!messageOf(thrown).includes(REFUSED_NAME)) throw thrown;
    return RE2JS.compile(unnameGroups(pattern).pattern, RE2JS.DOTALL);
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
