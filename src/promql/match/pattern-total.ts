import type { Matcher } from '../../model/matcher.ts';
import {
  captureCost,
  MAX_PROGRAM_SIZE,
  MAX_QUERY_CHARACTERS,
  patternCost,
  type PatternCost,
} from './compile-regex.ts';

/**
 * The size of all regular expressions of a request. Each alone is bounded, but a request may have hundreds, and all others wait while
 * they are compiled: so each is counted before that.
 */
export class PatternTotal {
  readonly #patterns = new Set<string>();
  #count = 0;
  #steps = 0;
  #characters = 0;

  /** Counts the pattern of a matcher; equal ones once. Returns what is wrong where it is too large with those before. */
  add(pattern: string): string | undefined {
    if (this.#patterns.has(pattern)) return undefined;
    this.#patterns.add(pattern);
    return this.#add(patternCost(pattern));
  }

  /** The same for a pattern that captures groups; each is compiled anew. */
  addCapture(pattern: string): string | undefined {
    return this.#add(captureCost(pattern));
  }

  #add({ steps, characters }: PatternCost): string | undefined {
    this.#count++;
    this.#steps += steps;
    this.#characters += characters;
    // One alone has limits of its own, with texts of their own.
    if (this.#count === 1) return undefined;
    const together = `the first ${this.#count} regular expressions are too large together`;
    if (this.#steps > MAX_PROGRAM_SIZE)
      return `${together}: about ${this.#steps} steps; ${MAX_PROGRAM_SIZE} are allowed in a query`;
    if (this.#characters > MAX_QUERY_CHARACTERS)
      return (
        `${together}: ${this.#characters} characters in them and their texts; ` +
        `${MAX_QUERY_CHARACTERS} are allowed in a query`
      );
    return undefined;
  }
}

/** What is wrong with the regular expressions of matchers that came in a message, taken together; undefined where they have room. */
export function patternsProblem(matchers: readonly Matcher[]): string | undefined {
  const total = new PatternTotal();
  for (const { kind, value } of matchers) {
    const problem = kind === '=~' || kind === '!~' ? total.add(value) : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}
