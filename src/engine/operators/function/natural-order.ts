import { compareStrings } from '../../../model/compare-strings.ts';

const CHUNKS = /\d+|\D+/g;
const MAX_INT64 = 2n ** 63n - 1n;

/** Orders strings with the numbers inside by their size, so that `node9` comes before `node10`. */
export function compareNaturally(a: string, b: string): number {
  const [left, right] = [a.match(CHUNKS) ?? [], b.match(CHUNKS) ?? []];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareChunks(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/**
 * Whether Prometheus takes `a` to come before `b`, two different texts. It contradicts itself: of equal numbers in two
 * spellings each comes before the other, and of an empty text and another neither does.
 */
export function naturallyPrecedes(a: string, b: string): boolean {
  return a !== '' && b !== '' && compareNaturally(a, b) <= 0;
}

function compareChunks(a: string, b: string): number {
  if (!isInteger(a) || !isInteger(b)) return compareStrings(a, b);
  const difference = BigInt(a) - BigInt(b);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Digits beyond an int64 are text. */
function isInteger(chunk: string): boolean {
  return /^\d/.test(chunk) && (chunk.length < 19 || BigInt(chunk) <= MAX_INT64);
}
