import { medianSpacing } from '../../dedup/interval.ts';
import { HOLE_INTERVALS } from '../../dedup/penalty.ts';
import { WINDOW_MS } from '../../dedup/window-length.ts';
import { UNKNOWN_INTERVAL_MS } from '../../dedup/windows.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { isMarker } from '../../model/stale.ts';
import { Filling, type Changes } from './explain-origins.ts';
import { CellState } from './explanation.ts';
import type { Cells } from './explanation.ts';
import type { TimeRange } from '../../model/time-range.ts';

/** Most cells of a timeline: more than a terminal shows. */
const MOST_CELLS = 240;

/** Lengths in ms of cells that are parts of a window. */
const PARTS_OF_WINDOW: readonly number[] = [10_000, 15_000, 20_000, 30_000, 40_000, 60_000];

/** Cells over [minTime, maxTime] (ms, inclusive), as short as their number allows: parts of a window, one, or several. */
export function cellsOver({ minTime, maxTime }: TimeRange): Cells {
  for (const lengthMs of PARTS_OF_WINDOW) {
    const count = cellsBetween(minTime, maxTime, lengthMs);
    if (count <= MOST_CELLS) return { start: floorTo(minTime, lengthMs), lengthMs, count };
  }
  const windows = cellsBetween(minTime, maxTime, WINDOW_MS);
  const lengthMs = WINDOW_MS * Math.ceil(windows / MOST_CELLS);
  return { start: floorTo(minTime, WINDOW_MS), lengthMs, count: Math.ceil((windows * WINDOW_MS) / lengthMs) };
}

function cellsBetween(minTime: number, maxTime: number, lengthMs: number): number {
  return Math.max(Math.floor((maxTime - floorTo(minTime, lengthMs)) / lengthMs) + 1, 1);
}

function floorTo(t: number, lengthMs: number): number {
  return Math.floor(t / lengthMs) * lengthMs;
}

const CHOSEN = 1;
const FILLS = 2;

/**
 * A timeline of each replica. `origins` says for each sample of the answer which one it came from, and `fillings` what it
 * is there, so that the holes that are marked are those that are counted.
 */
export function timelinesOf(
  cells: Cells,
  answer: SampleColumns,
  { origins, fillings }: { readonly origins: Int32Array } & Pick<Changes, 'fillings'>,
  replicas: readonly SampleColumns[],
): readonly string[] {
  const taken = replicas.map(() => new Uint8Array(cells.count));
  visitCells(cells, answer, (cell, i) => {
    const own = taken[origins[i]!];
    if (own === undefined || fillings[i] === Filling.outside) return;
    own[cell]! |= fillings[i] === Filling.counted ? FILLS : CHOSEN;
  });
  return replicas.map((columns, r) => {
    const present = new Uint8Array(cells.count);
    visitCells(cells, columns, (cell) => (present[cell] = 1));
    return Array.from(present, (isPresent, cell) => stateOf(isPresent === 1, taken[r]![cell]!)).join('');
  });
}

function stateOf(isPresent: boolean, taken: number): string {
  // Its last sample stands for the time up to the next one of the answer, which another replica may have.
  if (!isPresent && taken === 0) return CellState.hole;
  if ((taken & FILLS) !== 0) return CellState.fills;
  return taken === 0 ? CellState.idle : CellState.chosen;
}

export function failedTimeline(cells: Cells): string {
  return CellState.failed.repeat(cells.count);
}

/**
 * Visits the cells that each sample stands for: its own, and those up to the next sample, unless that is so far that
 * deduplication takes it for a hole. So cells may be shorter than the interval. Stale markers are no samples.
 */
function visitCells(
  { start, lengthMs, count }: Cells,
  columns: SampleColumns,
  visit: (cell: number, sample: number) => void,
): void {
  const { t, length } = columns;
  const reach = HOLE_INTERVALS * intervalOf(columns);
  const cellAt = (time: number): number => Math.floor((time - start) / lengthMs);
  const visitAll = (from: number, to: number, sample: number): void => {
    for (let cell = Math.max(from, 0); cell <= Math.min(to, count - 1); cell++) visit(cell, sample);
  };
  let last = -1;
  for (let i = 0; i < length; i++) {
    if (isMarker(columns, i)) continue;
    const cell = cellAt(t[i]!);
    // Nobody knows whether one was missed before the first, or whether the one after the last is only late.
    if (last === -1) visitAll(cellAt(t[i]! - reach), cell - 1, i);
    else if (t[i]! - t[last]! <= reach) visitAll(cellAt(t[last]!) + 1, cell - 1, last);
    visitAll(cell, cell, i);
    last = i;
  }
  if (last !== -1) visitAll(cellAt(t[last]!) + 1, cellAt(t[last]! + reach), last);
}

function intervalOf({ t, length }: SampleColumns): number {
  const median = medianSpacing(t, 0, length, 1);
  return Number.isNaN(median) ? UNKNOWN_INTERVAL_MS : median;
}
