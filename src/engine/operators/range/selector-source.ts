import type { Pace } from '../../../model/pacer.ts';
import type { SampleBuffer } from '../../../model/sample-columns.ts';
import { isMarker } from '../../../model/stale.ts';
import type { VectorSelectNode } from '../../../plan/plan-node.ts';
import type { EvalScope, QueryContext } from '../../context.ts';
import type { SeriesHeads } from '../../operator.ts';
import type { RowSinks, RowStream } from '../../row-stream.ts';
import { readGivingWay, type SelectedSet } from '../../series-source.ts';
import type { StepGrid } from '../../step-grid.ts';
import { reduceToStats } from '../select/histogram-stats.ts';
import type { RangeSource, SelectorCall } from './range-source.ts';
import type { RangeWindows } from './range-windows.ts';

/** The raw samples of a range selector. */
export class SelectorSource implements RangeSource {
  series: SeriesHeads = [];
  readonly #query: QueryContext;
  readonly #node: VectorSelectNode;
  readonly #windows: RangeWindows;
  #reads: RangeWindows['reads'] | undefined;
  readonly #grid: StepGrid;
  readonly #range: number;
  #set: SelectedSet | undefined;
  #next = 0;

  /** @param range ms. */
  constructor({ query, grid }: EvalScope, node: VectorSelectNode, windows: RangeWindows, range: number) {
    this.#grid = grid;
    this.#range = range;
    this.#query = query;
    this.#node = node;
    this.#windows = windows;
  }

  async open(): Promise<void> {
    await this.#windows.open(this.#query.pacer);
    if (this.#node.statsOnly) this.#reads = this.#windows.reads;
    this.#set = await this.#query.selected(this.#node.select);
    this.series = this.#set.series;
  }

  get isOneMetric(): boolean | undefined {
    return this.#set?.isOneMetric;
  }

  next(target: SampleBuffer): number {
    const selected = this.#set?.series.at(this.#next);
    if (selected === undefined) return -1;
    selected.read(target);
    return this.#finish(target);
  }

  nextPaced(target: SampleBuffer, pace: Pace): number | Promise<number> {
    const selected = this.#set?.series.at(this.#next);
    if (selected === undefined) return -1;
    const reading = readGivingWay(selected, target, pace);
    return reading === undefined ? this.#finish(target) : reading.then(() => this.#finish(target));
  }

  #finish(target: SampleBuffer): number {
    dropStaleMarkers(target);
    if (this.#reads !== undefined) reduceToStats(target, this.#reads.ends, this.#reads.reach);
    return this.#next++;
  }

  rows(call: SelectorCall, sinks: RowSinks): RowStream | undefined {
    const { shift, extent, statsOnly } = this.#node;
    const { lookbackDelta } = this.#query;
    const basis = { grid: this.#grid, range: this.#range, shift, extent, statsOnly, lookbackDelta };
    return this.#set?.rows?.({ kind: 'range', ...basis, ...call }, sinks);
  }
}

/** Closes the gaps in place; series without markers, the usual case, are only looked through. */
export function dropStaleMarkers(buffer: SampleBuffer): void {
  const { t, v, h, st, length } = buffer;
  let kept = 0;
  while (kept < length && !isMarker(buffer, kept)) kept++;
  if (kept === length) return;
  for (let i = kept; i < length; i++) {
    if (isMarker(buffer, i)) continue;
    t[kept] = t[i]!;
    v[kept] = v[i]!;
    h?.move(i, kept);
    if (st !== undefined) st[kept] = st[i]!;
    kept++;
  }
  buffer.length = kept;
  h?.truncate(kept);
}
