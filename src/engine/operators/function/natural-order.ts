import { compareStrings } from '../../../model/compare-strings.ts';

const CHUNKS = /\d+|\D+/g;

/** Orders strings with the numbers inside by their size, so that `node9` comes before `node10`. */
export function compareNaturally(a: string, b: string): number {
  const [left, right] = [a.match(CHUNKS) ?? [], b.match(CHUNKS) ?? []];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareChunks(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareChunks(a: string, b: string): number {
  const bothNumbers = /^\d/.test(a) && /^\d/.test(b);
  return bothNumbers ? Number(a) - Number(b) : compareStrings(a, b);
}
