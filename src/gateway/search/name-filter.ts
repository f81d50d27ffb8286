import { jaroWinklerScorer } from './jaro-winkler.ts';
import type { Scorer } from './scoring.ts';
import { subsequenceScorer } from './subsequence.ts';

export const FUZZY_ALGORITHMS = ['subsequence', 'jarowinkler'] as const;

/** What names and values must be like. */
export interface NamePattern {
  /** One of them must match; empty ones do not count, and without any everything matches. */
  readonly terms: readonly string[];
  readonly algorithm: (typeof FUZZY_ALGORITHMS)[number];
  /** Least score, 0 … 1. */
  readonly threshold: number;
  readonly caseSensitive: boolean;
}

/** Scores by the term that fits best; everything as a perfect match where there is no term. */
export function nameFilter({ terms, algorithm, threshold, caseSensitive }: NamePattern): Scorer {
  const folded = (text: string): string => (caseSensitive ? text : lowerCase(text));
  const scorerOf = algorithm === 'subsequence' ? subsequenceScorer : jaroWinklerScorer;
  const scorers = terms.filter((term) => term !== '').map((term) => scorerOf(folded(term), threshold));
  return function* score(text) {
    if (scorers.length === 0) return 1;
    const compared = folded(text);
    let best: number | undefined;
    for (const scorer of scorers) {
      const scored = yield* scorer(compared);
      if (scored === undefined) continue;
      best = Math.max(best ?? 0, scored);
      if (best >= 1) break;
    }
    return best;
  };
}

/** Each character by itself, as Go does it: one becomes one, whatever stands beside it. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  // oxlint-disable-next-line no-control-regex
  if (/^[\u0000-\u007f]*$/.test(text)) return lower;
  return Array.from(text, (character) => {
    const [first = ''] = character.toLowerCase();
    return first;
  }).join('');
}
