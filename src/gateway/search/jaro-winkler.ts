import { charactersOf, Parts, type Scorer } from './scoring.ts';

/** How much each character of a common prefix adds, and how many of them count. */
const PREFIX_WEIGHT = 0.1;
const LONGEST_PREFIX = 4;

/**
 * Matches texts that have the term in them, the better the nearer to their start, and else those whose similarity of Jaro and Winkler
 * reaches a threshold. Source: Prometheus web/api/v1/search_filters.go and util/strutil/jarowinkler.go.
 * @param threshold 0 … 1; 0 for texts alone that have the term in them.
 */
export function jaroWinklerScorer(term: string, threshold: number): Scorer {
  const termCharacters = charactersOf(term);
  return function* score(text) {
    const index = text.indexOf(term);
    if (index !== -1) return scoreOfPlace(term, text, index);
    if (threshold === 0 || text === '') return undefined;
    const scored = yield* similarity(termCharacters, charactersOf(text));
    return scored >= threshold ? scored : undefined;
  };
}

/** 1 for a prefix, down to 0.1 for a text that ends with the term. */
function scoreOfPlace(term: string, text: string, index: number): number {
  if (index === 0) return 1;
  const before = charactersOf(text.slice(0, index)).length;
  const most = charactersOf(text).length - charactersOf(term).length;
  return 1 - (0.9 * before) / most;
}

/** Neither list is empty. */
function* similarity(a: readonly number[], b: readonly number[]): Generator<undefined, number> {
  const [short, long] = a.length > b.length ? [b, a] : [a, b];
  const reach = Math.max(Math.floor(long.length / 2) - 1, 0);
  const isMatched = new Uint8Array(long.length);
  const parts = new Parts();
  const matched: number[] = [];
  for (let i = 0; i < short.length; i++) {
    const end = Math.min(i + reach + 1, long.length);
    let j = Math.max(i - reach, 0);
    const from = j;
    while (j < end && (isMatched[j] === 1 || short[i] !== long[j])) j++;
    if (j < end) {
      isMatched[j] = 1;
      matched.push(short[i]!);
    }
    if (parts.isOver(j - from + 1)) yield;
  }
  if (matched.length === 0) return 0;
  let exchanged = 0;
  let at = 0;
  for (const character of matched) {
    while (isMatched[at] === 0) at++;
    if (long[at++] !== character) exchanged++;
  }
  const matches = matched.length;
  // The order of the operations is that of the source, to the last bit.
  const jaro =
    (matches * (1 / short.length) + matches * (1 / long.length) + (matches - exchanged * 0.5) / matches) / 3;
  return jaro + commonPrefix(short, long) * PREFIX_WEIGHT * (1 - jaro);
}

function commonPrefix(short: readonly number[], long: readonly number[]): number {
  const most = Math.min(LONGEST_PREFIX, short.length);
  let length = 0;
  while (length < most && short[length] === long[length]) length++;
  return length;
}
