import type { SampleColumns } from '../../model/sample-columns.ts';
import { isMarker, isStale } from '../../model/stale.ts';

/** Which replica was chosen at a time (ms): its index, or -1 where nothing was chosen. Asked in ascending order. */
export type ChosenAt = (t: number) => number;

/**
 * For each sample of the answer the index of the replica that it came from: of those with a sample at that time one
 * with that very value, the chosen one before others. Where replicas agree bit for bit the question has no other
 * answer. O(samples × replicas).
 */
export function originsOf(
  answer: SampleColumns,
  replicas: readonly SampleColumns[],
  chosenAt: ChosenAt,
): Int32Array {
  const origins = new Int32Array(answer.length);
  const next = new Int32Array(replicas.length);
  for (let i = 0; i < answer.length; i++) {
    const t = answer.t[i]!;
    const chosen = chosenAt(t);
    let best = -1;
    let bestRank = 0;
    for (let r = 0; r < replicas.length; r++) {
      const columns = replicas[r]!;
      while (next[r]! < columns.length && columns.t[next[r]!]! < t) next[r]!++;
      const at = next[r]!;
      if (at === columns.length || columns.t[at] !== t) continue;
      const rank = 1 + (isSameSample(answer, i, columns, at) ? 2 : 0) + (r === chosen ? 1 : 0);
      if (rank <= bestRank) continue;
      best = r;
      bestRank = rank;
    }
    origins[i] = best;
  }
  return origins;
}

/** Reset hints change behind a seam, so of histograms count and sum must do. */
function isSameSample(a: SampleColumns, i: number, b: SampleColumns, j: number): boolean {
  const ha = a.h?.at(i);
  const hb = b.h?.at(j);
  if (ha !== undefined && hb !== undefined) return ha.count === hb.count && Object.is(ha.sum, hb.sum);
  if (ha !== hb) return false;
  if (a.v[i] === b.v[j]) return true;
  if (isStale(a.v[i]!) !== isStale(b.v[j]!)) return false;
  return Number.isNaN(a.v[i]) && Number.isNaN(b.v[j]);
}

/** How the samples of an answer change between replicas. */
export interface Changes {
  readonly switches: number;
  readonly holesFilled: number;
  /** What each sample of the answer is to these: a {@link Filling}. */
  readonly fillings: Uint8Array;
}

export const Filling = {
  /** Its replica is the chosen one, or was gone over to a little before. */
  none: 0,
  /** It fills one of the holes that are counted. */
  counted: 1,
  /** It fills a hole that is not, since no sample of the range is in it. */
  outside: 2,
} as const;

/**
 * Finds the changes at samples [from, to) of the answer. A run of samples of a replica that is chosen in none of
 * their windows fills a hole and is no switch; where the range cuts a run, the whole of it decides. Stale markers end
 * no run.
 */
export function findChanges(
  answer: SampleColumns,
  origins: Int32Array,
  [from, to]: readonly [number, number],
  chosenAt: ChosenAt,
): Changes {
  const fillings = new Uint8Array(answer.length);
  let switches = 0;
  let holesFilled = 0;
  let settled = -1;
  for (let first = 0, next = 0; first < answer.length; first = next) {
    const origin = origins[first]!;
    let isChosen = false;
    let isNeeded = false;
    let isEmpty = true;
    for (next = first; next < answer.length && continues(answer, origins, next, origin); next++) {
      if (isMarker(answer, next)) continue;
      isEmpty = false;
      if (next >= from && next < to) isNeeded = true;
      const chosen = chosenAt(answer.t[next]!);
      if (chosen === origin || chosen === -1) isChosen = true;
    }
    if (isEmpty) continue;
    if (!isChosen) {
      if (isNeeded) holesFilled++;
      fillings.fill(isNeeded ? Filling.counted : Filling.outside, first, next);
      continue;
    }
    if (settled !== -1 && settled !== origin && first > from && first < to) switches++;
    settled = origin;
  }
  return { switches, holesFilled, fillings };
}

function continues(answer: SampleColumns, origins: Int32Array, i: number, origin: number): boolean {
  return origins[i] === origin || isMarker(answer, i);
}
