import type { Pacer } from '../../model/pacer.ts';

const LOOK_EVERY = 256;

/**
 * The numbers below `length` in order, giving way on the way. Runs that are in order already, as those of sorted answers are,
 * are found and merged. Stable.
 */
export async function sortOrder(
  length: number,
  compare: (a: number, b: number) => number,
  pacer: Pacer,
): Promise<Int32Array> {
  let from = new Int32Array(length);
  let ends: number[] = [];
  for (let i = 0; i < length; i++) {
    from[i] = i;
    if (i > 0 && compare(i - 1, i) > 0) ends.push(i);
    if (i % LOOK_EVERY === 0 && pacer.due()) await pacer.breathe();
  }
  if (length > 0) ends.push(length);
  let to = ends.length > 1 ? new Int32Array(length) : from;
  while (ends.length > 1) {
    const merged: number[] = [];
    for (let run = 0, start = 0; run < ends.length; run += 2) {
      const middle = ends[run]!;
      const end = ends[run + 1] ?? middle;
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        const takesLeft = left < middle && (right >= end || compare(from[left]!, from[right]!) <= 0);
        to[at] = takesLeft ? from[left++]! : from[right++]!;
        if (at % LOOK_EVERY === 0 && pacer.due()) await pacer.breathe();
      }
      merged.push(end);
      start = end;
    }
    [from, to] = [to, from];
    ends = merged;
  }
  return from;
}
