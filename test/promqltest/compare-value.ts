import type { MatrixSeries, QueryValue, VectorSample } from '../../src/engine/answer.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { compareLabels, type Labels, labelsKey } from '../../src/model/labels.ts';
import { almostEqual } from './almost-equal.ts';
import { histogramsAlmostEqual } from './compare-histograms.ts';
import { describeHistogram, describeLabels, describePoint } from './describe.ts';
import type { ExpectedSeries, ExpectedValue, Point, TimeAxis } from './script.ts';

/** What differs between an answer and what was expected, as a sentence; undefined where nothing does. */
export function valueProblem(
  expected: ExpectedValue,
  actual: QueryValue,
  ordered: boolean,
): string | undefined {
  if (actual.kind === 'scalar' || actual.kind === 'string') return singleProblem(expected, actual);
  if (expected.kind !== 'series') return `expected a ${expected.kind}, got a ${actual.kind}`;
  return actual.kind === 'vector'
    ? vectorProblem(expected.series, actual.samples, ordered)
    : matrixProblem(expected.series, expected.times, actual.series, ordered);
}

function singleProblem(
  expected: ExpectedValue,
  actual: Extract<QueryValue, { kind: 'scalar' | 'string' }>,
): string | undefined {
  if (actual.kind === 'string') {
    if (expected.kind === 'string' && expected.value === actual.value) return undefined;
    return `got the string ${JSON.stringify(actual.value)}`;
  }
  if (expected.kind !== 'scalar') return `expected a ${expected.kind}, got the scalar ${actual.v}`;
  return almostEqual(expected.value, actual.v) ? undefined : `expected ${expected.value}, got ${actual.v}`;
}

function vectorProblem(
  expected: readonly ExpectedSeries[],
  samples: readonly VectorSample[],
  ordered: boolean,
): string | undefined {
  const positions = new Map(expected.map(({ labels }, i) => [labelsKey(labels), i]));
  const seen = new Set<number>();
  for (const [at, { labels, v, h }] of samples.entries()) {
    const position = positions.get(labelsKey(labels));
    if (position === undefined) return `unexpected series ${describeLabels(labels)} with ${shown(v, h)}`;
    if (ordered && position !== at) return `${describeLabels(labels)} stands at ${at} instead of ${position}`;
    seen.add(position);
    const problem = pointProblem(labels, expected[position]!.points[0], v, h);
    if (problem !== undefined) return problem;
  }
  return missingProblem(expected, seen);
}

function matrixProblem(
  expected: readonly ExpectedSeries[],
  times: TimeAxis,
  actual: readonly MatrixSeries[],
  ordered: boolean,
): string | undefined {
  if (ordered) return 'expected an ordered vector, got a matrix';
  const positions = new Map(expected.map(({ labels }, i) => [labelsKey(labels), i]));
  const seen = new Set<number>();
  for (const [i, series] of actual.entries()) {
    const { labels } = series;
    if (i > 0 && compareLabels(actual[i - 1]!.labels, labels) > 0)
      return `${describeLabels(labels)} is not sorted by labels`;
    const position = positions.get(labelsKey(labels));
    if (position === undefined)
      return `unexpected series ${describeLabels(labels)} with ${series.columns.length} points`;
    seen.add(position);
    const problem = pointsProblem(expected[position]!, times, series);
    if (problem !== undefined) return problem;
  }
  return missingProblem(expected, seen);
}

function pointsProblem(
  { labels, points }: ExpectedSeries,
  { start, end, step }: TimeAxis,
  { columns }: MatrixSeries,
): string | undefined {
  let at = 0;
  for (const [i, point] of points.entries()) {
    const t = start + i * step;
    if (t > end)
      return `${points.length} points were expected in too short a time for ${describeLabels(labels)}`;
    if (point.kind === 'gap') continue;
    const actualTime = at < columns.length ? columns.t[at] : undefined;
    if (actualTime !== t)
      return `expected ${describePoint(point)} at ${t} for ${describeLabels(labels)}, the next point is at ${actualTime}`;
    const problem = pointProblem(labels, point, columns.v[at]!, columns.h?.at(at));
    if (problem !== undefined) return `at ${t}: ${problem}`;
    at++;
  }
  if (at === columns.length) return undefined;
  return `expected ${at} points for ${describeLabels(labels)}, got ${columns.length}, one at ${columns.t[at]}`;
}

function pointProblem(
  labels: Labels,
  expected: Point | undefined,
  v: number,
  h: FloatHistogram | undefined,
): string | undefined {
  const same =
    expected?.kind === 'histogram'
      ? h !== undefined &&
        histogramsAlmostEqual(expected.histogram, h) &&
        (!expected.hintGiven || expected.histogram.resetHint === h.resetHint)
      : expected?.kind === 'float' && h === undefined && almostEqual(expected.value, v);
  return same
    ? undefined
    : `expected ${describePoint(expected)} for ${describeLabels(labels)}, got ${shown(v, h)}`;
}

function missingProblem(expected: readonly ExpectedSeries[], seen: ReadonlySet<number>): string | undefined {
  const missing = expected.find((_, i) => !seen.has(i));
  return missing && `expected series ${describeLabels(missing.labels)} is missing`;
}

function shown(v: number, h: FloatHistogram | undefined): string {
  return h === undefined ? String(v) : describeHistogram(h);
}
