import { WINDOW_MS } from '../../dedup/window-length.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { CellState } from './explanation.ts';
import type { Cells } from './explanation.ts';
import type { TimeRange } from '../../model/time-range.ts';

/** Most cells of a timeline: more than a terminal shows. */
const MOST_CELLS = 240;

/** Cells of one window each over [minTime, maxTime] (ms, inclusive), or of several where they would be too many. */
export function cellsOver({ minTime, maxTime }: TimeRange): Cells {
  const start = Math.floor(minTime / WINDOW_MS) * WINDOW_MS;
  const windows = Math.max(Math.floor((maxTime - start) / WINDOW_MS) + 1, 1);
  const lengthMs = WINDOW_MS * Math.ceil(windows / MOST_CELLS);
  return { start, lengthMs, count: Math.ceil((windows * WINDOW_MS) / lengthMs) };
}

/** A timeline of each replica; `origins` says for each sample of the answer which one it came from. */
export function timelinesOf(
  cells: Cells,
  answer: SampleColumns,
  origins: Int32Array,
  replicas: readonly SampleColumns[],
): readonly string[] {
  const present = replicas.map((columns) => countIn(cells, columns, () => true));
  const taken = replicas.map((_, r) => countIn(cells, answer, (i) => origins[i] === r));
  return replicas.map((_, r) => {
    let timeline = '';
    for (let cell = 0; cell < cells.count; cell++) {
      const own = taken[r]![cell]!;
      if (present[r]![cell] === 0) timeline += CellState.hole;
      else if (own === 0) timeline += CellState.idle;
      else timeline += isLargest(taken, r, cell) ? CellState.chosen : CellState.fills;
    }
    return timeline;
  });
}

/** Of equal shares the first counts as the larger. */
function isLargest(taken: readonly Uint32Array[], r: number, cell: number): boolean {
  const own = taken[r]![cell]!;
  return taken.every((other, o) => other[cell]! < own || (other[cell] === own && o >= r));
}

export function failedTimeline(cells: Cells): string {
  return CellState.failed.repeat(cells.count);
}

function countIn(
  { start, lengthMs, count }: Cells,
  { t, length }: SampleColumns,
  counts: (index: number) => boolean,
): Uint32Array {
  const perCell = new Uint32Array(count);
  for (let i = 0; i < length; i++) {
    const cell = Math.floor((t[i]! - start) / lengthMs);
    if (cell >= 0 && cell < count && counts(i)) perCell[cell]!++;
  }
  return perCell;
}
