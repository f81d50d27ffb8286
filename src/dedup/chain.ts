import { appendRange } from '../model/sample-columns.ts';
import type { SampleBuffer, SampleColumns } from '../model/sample-columns.ts';

/**
 * Mode `chain`: every distinct timestamp of every replica, ascending; of equal timestamps the first replica's sample.
 * Right where the replicas hold parts of the same samples (blocks, a replaced server), as Thanos uses it; replicas
 * that scrape for themselves come out twice as dense. `columns` are in the order of preference.
 */
export function chain(columns: readonly SampleColumns[], target: SampleBuffer): void {
  const next = new Int32Array(columns.length);
  let earliest = earliestOf(columns, next);
  while (earliest >= 0) {
    const chosen = columns[earliest]!;
    const from = next[earliest]!;
    const limit = nextOther(columns, next, earliest);
    let to = from + 1;
    while (to < chosen.length && chosen.t[to]! < limit) to++;
    appendRange(target, chosen, from, to);
    const last = chosen.t[to - 1]!;
    next[earliest] = to;
    for (let r = 0; r < columns.length; r++) {
      const column = columns[r]!;
      if (next[r]! < column.length && last === column.t[next[r]!]) next[r]!++;
    }
    earliest = earliestOf(columns, next);
  }
}

/** The column whose next sample comes first, the first of them among equals; -1 at the end. */
function earliestOf(columns: readonly SampleColumns[], next: Int32Array): number {
  let earliest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < columns.length; r++) {
    const at = next[r]!;
    if (at >= columns[r]!.length || columns[r]!.t[at]! >= least) continue;
    least = columns[r]!.t[at]!;
    earliest = r;
  }
  return earliest;
}

/** Time of the next sample of any other column. */
function nextOther(columns: readonly SampleColumns[], next: Int32Array, except: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < columns.length; r++) {
    const at = next[r]!;
    if (r !== except && at < columns[r]!.length && columns[r]!.t[at]! < least) least = columns[r]!.t[at]!;
  }
  return least;
}
