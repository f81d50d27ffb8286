import { appendRange } from '../../model/sample-columns.ts';
import type { SampleBuffer, SampleColumns } from '../../model/sample-columns.ts';
import { isStale } from '../../model/stale.ts';

/**
 * Merges two columns into `target` (which must be neither), strictly ascending. At equal times one sample stays,
 * chosen by the samples alone, so that the order of the inputs does not matter: a sample before a stale marker, a
 * histogram before a float, a number before NaN, the greater number.
 */
export function mergeColumns(a: SampleColumns, b: SampleColumns, target: SampleBuffer): void {
  target.clear();
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const ta = a.t[i]!;
    const tb = b.t[j]!;
    if (ta === tb) {
      if (isPreferred(b, j, a, i)) appendRange(target, b, j, j + 1);
      else appendRange(target, a, i, i + 1);
      i++;
      j++;
    } else if (ta < tb) {
      const from = i;
      while (i < a.length && a.t[i]! < tb) i++;
      appendRange(target, a, from, i);
    } else {
      const from = j;
      while (j < b.length && b.t[j]! < ta) j++;
      appendRange(target, b, from, j);
    }
  }
  appendRange(target, a, i, a.length);
  appendRange(target, b, j, b.length);
}

function isPreferred(x: SampleColumns, i: number, y: SampleColumns, j: number): boolean {
  const rankX = rank(x, i);
  const rankY = rank(y, j);
  if (rankX !== rankY) return rankX > rankY;
  if (x.h?.has(i) === true && y.h?.has(j) === true) return x.h.count[i]! > y.h.count[j]!;
  return x.v[i]! > y.v[j]!;
}

function rank({ v, h }: SampleColumns, i: number): number {
  if (h?.has(i) === true) return 3;
  const value = v[i]!;
  if (!Number.isNaN(value)) return 2;
  return isStale(value) ? 0 : 1;
}
