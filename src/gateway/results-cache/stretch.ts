import type { MatrixSeries } from '../../engine/answer.ts';
import { timeOfStep, type StepGrid } from '../../engine/step-grid.ts';
import type { Annotation } from '../../model/annotations.ts';
import { ColumnSlab } from '../../model/column-slab.ts';
import { compareLabels } from '../../model/labels.ts';
import type { Pacer } from '../../model/pacer.ts';
import { appendRange, firstAtOrAfter, SampleBuffer, type SampleColumns } from '../../model/sample-columns.ts';

/** The times at which a range query is evaluated, numbered from the epoch on: step 0 is at `start`, which is at least 0 and less than `interval`. */
export type StepNumbers = Pick<StepGrid, 'start' | 'interval'>;

/** What a range query comes to at the steps [from, to). */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** In the order of their labels, each once. Times of their samples are those of steps of the stretch. */
  readonly series: readonly MatrixSeries[];
  /** How many samples were looked at, one number a step. */
  readonly counts: Float64Array;
  readonly annotations: readonly Annotation[];
}

/** The times of the steps [from, to). */
export function timesOfSteps(numbers: StepNumbers, from: number, to: number): Float64Array {
  return Float64Array.from({ length: to - from }, (_, i) => timeOfStep(numbers, from + i));
}

/** How many steps stretches have together. */
export function stepsOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The steps [from, to) of a stretch, on the same memory. Series without a sample there are left out. */
export async function cutStretch(
  stretch: Stretch,
  numbers: StepNumbers,
  from: number,
  to: number,
  pacer: Pacer,
): Promise<Stretch> {
  if (from <= stretch.from && to >= stretch.to) return stretch;
  const begin = Math.max(from, stretch.from);
  const end = Math.min(to, stretch.to);
  const series: MatrixSeries[] = [];
  await pacer.forEach(stretch.series, ({ labels, columns }) => {
    const first = firstAtOrAfter(columns, timeOfStep(numbers, begin));
    const last = firstAtOrAfter(columns, timeOfStep(numbers, end), first);
    if (last > first) series.push({ labels, columns: partOf(columns, first, last) });
  });
  const counts = stretch.counts.subarray(begin - stretch.from, end - stretch.from);
  return { from: begin, to: end, series, counts, annotations: stretch.annotations };
}

function partOf({ t, v, h }: SampleColumns, from: number, to: number): SampleColumns {
  const part = h?.slice(from, to);
  const hasAny = part?.hasAny() ?? false;
  return {
    length: to - from,
    t: t.subarray(from, to),
    v: v.subarray(from, to),
    h: hasAny ? part : undefined,
    st: undefined,
  };
}

/**
 * Joins stretches that follow each other without a gap, in the order of time, as if all of their steps had been evaluated at once. Their
 * annotations are left to the caller.
 */
export async function joinStretches(stretches: readonly Stretch[], pacer: Pacer): Promise<Stretch> {
  const [first] = stretches;
  if (first !== undefined && stretches.length === 1) return first;
  const series: MatrixSeries[] = [];
  const slab = new ColumnSlab();
  const heads = stretches.map(() => 0);
  for (;;) {
    if (pacer.due()) await pacer.breathe();
    const least = leastLabels(stretches, heads);
    if (least === undefined) break;
    const parts = takeHeads(stretches, heads, least);
    series.push({ labels: least, columns: parts.length === 1 ? parts[0]! : joinColumns(parts, slab) });
  }
  return {
    from: first?.from ?? 0,
    to: stretches.at(-1)?.to ?? 0,
    series,
    counts: joinCounts(stretches),
    annotations: [],
  };
}

function leastLabels(
  stretches: readonly Stretch[],
  heads: readonly number[],
): MatrixSeries['labels'] | undefined {
  let least: MatrixSeries['labels'] | undefined;
  for (let i = 0; i < stretches.length; i++) {
    const labels = stretches[i]!.series[heads[i]!]?.labels;
    if (labels === undefined || labels === least) continue;
    if (least === undefined || compareLabels(labels, least) < 0) least = labels;
  }
  return least;
}

/** The columns of the series with these labels, of each stretch that has it; steps over it there. */
function takeHeads(
  stretches: readonly Stretch[],
  heads: number[],
  labels: MatrixSeries['labels'],
): readonly SampleColumns[] {
  const parts: SampleColumns[] = [];
  for (let i = 0; i < stretches.length; i++) {
    const head = stretches[i]!.series[heads[i]!];
    if (head === undefined || (head.labels !== labels && compareLabels(head.labels, labels) !== 0)) continue;
    parts.push(head.columns);
    heads[i]!++;
  }
  return parts;
}

function joinColumns(parts: readonly SampleColumns[], slab: ColumnSlab): SampleColumns {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new SampleBuffer(length, slab);
  for (const part of parts) appendRange(joined, part, 0, part.length);
  return joined;
}

function joinCounts(stretches: readonly Stretch[]): Float64Array {
  const counts = new Float64Array(stepsOf(stretches));
  let at = 0;
  for (const stretch of stretches) {
    counts.set(stretch.counts, at);
    at += stretch.counts.length;
  }
  return counts;
}
