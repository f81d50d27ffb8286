import { sortDistinct } from '../../model/paced-sort.ts';
import type { Pace } from '../../model/pacer.ts';

/** How many comparisons pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * The items of all lists, sorted, each once. Servers send theirs sorted, and replicas send the same: a list is the answer as it came
 * where all others have nothing else, so that millions of items are not copied.
 * @param lists none of which is changed.
 * @throws what the pace throws, where the request ended meanwhile.
 */
export async function unionDistinct<T>(
  lists: readonly (readonly T[])[],
  compare: (a: T, b: T) => number,
  pace: Pace,
): Promise<readonly T[]> {
  let unions: (readonly T[])[] = [];
  for (const list of lists)
    unions.push((await rises(list, compare, pace)) ? list : await sortDistinct(list, compare, pace));
  // By pairs, so that each item is looked at a few times, however many lists there are.
  while (unions.length > 1) {
    const merged: (readonly T[])[] = [];
    for (let i = 0; i < unions.length; i += 2)
      merged.push(
        i + 1 < unions.length ? await unionOf(unions[i]!, unions[i + 1]!, compare, pace) : unions[i]!,
      );
    unions = merged;
  }
  return unions[0] ?? [];
}

async function rises<T>(list: readonly T[], compare: (a: T, b: T) => number, pace: Pace): Promise<boolean> {
  for (let i = 1; i < list.length; i++) {
    if (compare(list[i - 1]!, list[i]!) >= 0) return false;
    if (i % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
  }
  return true;
}

/** Of two lists that rise; the first as it is where it has all. */
async function unionOf<T>(
  first: readonly T[],
  second: readonly T[],
  compare: (a: T, b: T) => number,
  pace: Pace,
): Promise<readonly T[]> {
  let union: T[] | undefined;
  let [at, other] = [0, 0];
  for (let steps = 1; other < second.length; steps++) {
    const order = at < first.length ? compare(first[at]!, second[other]!) : 1;
    if (order > 0) union ??= first.slice(0, at);
    union?.push(order > 0 ? second[other]! : first[at]!);
    if (order <= 0) at++;
    if (order >= 0) other++;
    if (steps % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
  }
  if (union === undefined) return first;
  for (; at < first.length; at++) {
    union.push(first[at]!);
    if (at % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
  }
  return union;
}
