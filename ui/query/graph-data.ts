import type { SeriesSamplesJson } from '../../src/http/api/query.ts';
import type { LabelsJson } from '../../src/http/api/envelope.ts';
import { seriesText } from '../text/labels.ts';
import { toNumber } from '../text/numbers.ts';
import { stepsOf, type TimeSpan } from './panel-state.ts';

/** A series of a range, on the grid of its steps. Of native histograms it has the counts. */
export interface GraphSeries {
  /** Its labels as text, which tell it from all others. */
  readonly name: string;
  readonly labels: LabelsJson;
  /** A value a step; NaN where there is none or where it is NaN. */
  readonly values: Float64Array;
  readonly last: number | undefined;
  readonly max: number;
  readonly min: number;
}

/** Lines that can still be told apart, and drawn without a wait. The others stand in the legend. */
export const MOST_DRAWN = 60;

export function timesOf(span: TimeSpan): Float64Array {
  return Float64Array.from({ length: stepsOf(span) }, (_, i) => span.start + i * span.step);
}

export function graphSeries(result: readonly SeriesSamplesJson[], span: TimeSpan): readonly GraphSeries[] {
  const length = stepsOf(span);
  return result.map((series) => onGrid(series, span, length));
}

function onGrid({ metric, values = [], histograms = [] }: SeriesSamplesJson, span: TimeSpan, length: number) {
  const column = new Float64Array(length).fill(NaN);
  let [last, lastTime, max, min] = [undefined as number | undefined, -Infinity, -Infinity, Infinity];
  const add = (time: number, text: string): void => {
    const value = toNumber(text);
    column[Math.round((time - span.start) / span.step)] = value;
    if (time > lastTime) [last, lastTime] = [value, time];
    if (value > max) max = value;
    if (value < min) min = value;
  };
  for (const [time, text] of values) add(time, text);
  for (const [time, { count }] of histograms) add(time, count);
  const name = seriesText(metric);
  return { name, labels: metric, values: column, last, max, min };
}

/** What is drawn of a result: lines, and histograms that one heatmap shows together. */
interface SplitResult {
  readonly lines: readonly GraphSeries[];
  readonly histograms: readonly SeriesSamplesJson[];
  /** The series of `histograms`. */
  readonly summed: readonly GraphSeries[];
}

/** Of `series`, which are those of the result in its order, the chosen ones. One that has both floats and histograms is in both. */
export function splitResult(
  result: readonly SeriesSamplesJson[],
  series: readonly GraphSeries[],
  chosen: ReadonlySet<string>,
  span: TimeSpan,
  isHeatmap: boolean,
): SplitResult {
  const indices = [...series.keys()].filter((i) => chosen.has(series[i]!.name));
  if (!isHeatmap) return { lines: indices.map((i) => series[i]!), histograms: [], summed: [] };
  const withFloats = indices.map((i) => result[i]!).filter(({ values = [] }) => values.length > 0);
  const withHistograms = indices.filter((i) => (result[i]!.histograms ?? []).length > 0);
  return {
    lines: graphSeries(
      withFloats.map(({ metric, values = [] }) => ({ metric, values })),
      span,
    ),
    histograms: withHistograms.map((i) => result[i]!),
    summed: withHistograms.map((i) => series[i]!),
  };
}

export type LegendOrder = 'name' | 'last' | 'max';

export function orderedSeries(series: readonly GraphSeries[], order: LegendOrder): readonly GraphSeries[] {
  switch (order) {
    case 'name':
      return series.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    case 'last':
      return series.toSorted((a, b) => rank(b.last) - rank(a.last));
    case 'max':
      return series.toSorted((a, b) => rank(b.max) - rank(a.max));
  }
}

function rank(value: number | undefined): number {
  return value === undefined || Number.isNaN(value)
    ? -Number.MAX_VALUE
    : Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
}

/** What lines are drawn of: gaps are null, as uPlot wants them. Infinities cannot be drawn. */
export function drawnValues(values: Float64Array, isLog: boolean): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) && (!isLog || value > 0) ? value : null));
}

/** Each line on top of those before it. Where one has no value it adds nothing. */
export function stackedValues(columns: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const sums: number[] = [];
  return columns.map((column) =>
    column.map((value, i) => {
      const sum = (sums[i] ?? 0) + (value ?? 0);
      sums[i] = sum;
      return value === null ? null : sum;
    }),
  );
}

/** How far two answers are apart, as a share of the greater value, 0 … 1, at the worst point; undefined where nothing can be compared. */
export function greatestDifference(
  one: readonly GraphSeries[],
  other: readonly GraphSeries[],
): { readonly share: number; readonly series: string; readonly step: number } | undefined {
  const byName = new Map(other.map((series) => [series.name, series]));
  let worst: { share: number; series: string; step: number } | undefined;
  for (const { name, values } of one) {
    const against = byName.get(name)?.values;
    if (against === undefined) continue;
    for (const [step, value] of values.entries()) {
      const share = Math.abs(value - against[step]!) / Math.max(Math.abs(value), Math.abs(against[step]!));
      if (value === against[step]) worst ??= { share: 0, series: name, step };
      else if (Number.isFinite(share) && share > (worst?.share ?? -1)) worst = { share, series: name, step };
    }
  }
  return worst;
}
