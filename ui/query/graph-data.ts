import type { SeriesSamplesJson } from '../../src/http/api/query.ts';
import type { LabelsJson } from '../../src/http/api/envelope.ts';
import { seriesText } from '../text/labels.ts';
import { stepsOf, type TimeSpan } from './panel-state.ts';

/** A series of a range, on the grid of its steps. */
export interface GraphSeries {
  /** Its labels as text, which tell it from all others. */
  readonly name: string;
  readonly labels: LabelsJson;
  /** A value a step; NaN where there is none or where it is NaN. */
  readonly values: Float64Array;
  readonly last: number | undefined;
  readonly max: number;
  readonly min: number;
  /** Whether it has native histograms, of which the count is drawn. */
  readonly hasHistograms: boolean;
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
  return { name, labels: metric, values: column, last, max, min, hasHistograms: histograms.length > 0 };
}

/** Prometheus writes infinities as Go does. */
export function toNumber(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
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
