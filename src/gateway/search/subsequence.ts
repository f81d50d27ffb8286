import { charactersOf, Parts, type Scorer } from './scoring.ts';

/** Keeps every other match below one of the whole text. */
const SCALE_OF_PARTIAL = 0.999;

/**
 * Matches texts that have all characters of a pattern in their order. Runs of neighbouring characters score by their squared length,
 * gaps in front of them and between them cost their share of the text, and what follows the last one half of that. The best
 * start counts; from it on, each character is taken at its first place. A text that begins with the pattern is a perfect match.
 * Source: Prometheus util/strutil/subsequence.go.
 * @param threshold least score of a match, 0 … 1.
 */
export function subsequenceScorer(pattern: string, threshold: number): Scorer {
  const wanted = charactersOf(pattern);
  const letters = Array.from(pattern);
  return function* score(text) {
    if (text.startsWith(pattern)) return 1;
    if (!hasInOrder(text, letters)) return undefined;
    const characters = charactersOf(text);
    const parts = new Parts();
    let best = -1;
    for (let start = 0; start <= characters.length - wanted.length; start++) {
      if (characters[start] !== wanted[0]) continue;
      const scored = scoreFrom(start, wanted, characters);
      // Where the rest of the text is too short for the pattern, a part of it is, too.
      if (scored === undefined) break;
      best = Math.max(best, scored);
      if (parts.isOver(characters.length)) yield;
    }
    const scaled = best < 0 ? 0 : (best / (wanted.length * wanted.length)) * SCALE_OF_PARTIAL;
    return scaled > 0 && scaled >= threshold ? scaled : undefined;
  };
}

/** Whether a text has all of these in their order: most texts do not, and this is told sooner than their score. */
function hasInOrder(text: string, letters: readonly string[]): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}

/** The score where the first character of the pattern is matched at `start`; undefined where one of the others is not found behind it. */
function scoreFrom(
  start: number,
  wanted: readonly number[],
  characters: readonly number[],
): number | undefined {
  const share = 1 / characters.length;
  let score = 0;
  let matched = 0;
  /** Behind the last run. */
  let end = 0;
  for (let at = start; matched < wanted.length;) {
    at = characters.indexOf(wanted[matched]!, at);
    if (at === -1) return undefined;
    const from = at;
    while (matched < wanted.length && characters[at] === wanted[matched]) {
      at++;
      matched++;
    }
    score -= (from - end) * share;
    score += (at - from) * (at - from);
    end = at;
  }
  return score - (characters.length - end) * share * 0.5;
}
