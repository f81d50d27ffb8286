import { isDeepStrictEqual } from 'node:util';
import { sameNumber } from './compare-numbers.ts';
import { tieProblem } from './compare-ties.ts';
import type { ApiBucket, ApiHistogram, ApiResponse, ApiSample, ApiSeries } from './corpus.ts';

/** What differs between two answers to `query`, as a sentence; undefined where nothing does. For `epsilon` see {@link sameNumber}. */
export function responseProblem(
  query: string,
  expected: ApiResponse,
  actual: ApiResponse,
  epsilon?: number,
): string | undefined {
  const [wanted, got] = [head(expected), head(actual)];
  if (!isDeepStrictEqual(wanted, got))
    return `expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
  const problem = resultProblem(expected.data?.result ?? [], actual.data?.result ?? [], epsilon);
  const isTied =
    problem !== undefined &&
    /\b(?:topk|bottomk)\b/.test(query) &&
    tieProblem(expected, actual, epsilon) === undefined;
  return (
    (isTied ? undefined : problem) ??
    remarksProblem('warnings', expected.warnings, actual.warnings) ??
    remarksProblem('infos', expected.infos, actual.infos)
  );
}

function head({ status, errorType, error, data }: ApiResponse): Record<string, unknown> {
  return { status, errorType, error, resultType: data?.resultType };
}

function resultProblem(
  expected: readonly ApiSeries[],
  actual: readonly ApiSeries[],
  epsilon: number | undefined,
): string | undefined {
  const rest = new Map(actual.map((series) => [keyOf(series), series]));
  if (rest.size !== actual.length) return 'the same labels come twice';
  for (const series of expected) {
    const key = keyOf(series);
    const found = rest.get(key);
    if (found === undefined) return `series ${key} is missing, got ${[...rest.keys()].join(' ') || 'none'}`;
    rest.delete(key);
    const problem = seriesProblem(series, found, epsilon);
    if (problem !== undefined) return `${key}: ${problem}`;
  }
  const [extra] = rest.keys();
  return extra === undefined ? undefined : `unexpected series ${extra}`;
}

function keyOf({ metric }: ApiSeries): string {
  return JSON.stringify(Object.fromEntries(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function seriesProblem(
  expected: ApiSeries,
  actual: ApiSeries,
  epsilon: number | undefined,
): string | undefined {
  return (
    pointsProblem('value', floatsOf(expected), floatsOf(actual), (a, b) => floatProblem(a, b, epsilon)) ??
    pointsProblem('histogram', histogramsOf(expected), histogramsOf(actual), (a, b) =>
      histogramProblem(a, b, epsilon),
    )
  );
}

function floatsOf({ value, values }: ApiSeries): readonly ApiSample[] {
  return value === undefined ? (values ?? []) : [value];
}

function histogramsOf({ histogram, histograms }: ApiSeries): readonly (readonly [number, ApiHistogram])[] {
  return histogram === undefined ? (histograms ?? []) : [histogram];
}

function pointsProblem<T>(
  what: string,
  expected: readonly (readonly [number, T])[],
  actual: readonly (readonly [number, T])[],
  problemOf: (expected: T, actual: T) => string | undefined,
): string | undefined {
  for (const [i, [time, value]] of expected.entries()) {
    const [gotTime, got] = actual[i] ?? [];
    if (gotTime !== time || got === undefined)
      return `expected a ${what} at ${time}, the next one is at ${gotTime}`;
    const problem = problemOf(value, got);
    if (problem !== undefined) return `at ${time}: ${problem}`;
  }
  const extra = actual[expected.length];
  return extra && `unexpected ${what} at ${extra[0]}`;
}

function floatProblem(expected: string, actual: string, epsilon: number | undefined): string | undefined {
  return sameNumber(expected, actual, epsilon) ? undefined : `expected ${expected}, got ${actual}`;
}

function histogramProblem(
  expected: ApiHistogram,
  actual: ApiHistogram,
  epsilon: number | undefined,
): string | undefined {
  const [wanted, got] = [expected.buckets ?? [], actual.buckets ?? []];
  const bucketsDiffer =
    wanted.length !== got.length || wanted.some((bucket, i) => !sameBucket(bucket, got[i]!, epsilon));
  if (bucketsDiffer) return `expected buckets ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
  const count = floatProblem(expected.count, actual.count, epsilon);
  const sum = floatProblem(expected.sum, actual.sum, epsilon);
  return (count && `count: ${count}`) ?? (sum && `sum: ${sum}`);
}

/** Bounds are compared as text: they have to come out bit by bit. */
function sameBucket(expected: ApiBucket, actual: ApiBucket, epsilon: number | undefined): boolean {
  const [rule, lower, upper, count] = expected;
  return (
    rule === actual[0] && lower === actual[1] && upper === actual[2] && sameNumber(count, actual[3], epsilon)
  );
}

const OMITTED = /^\d+ more \w+ annotations omitted$/;

/** The order of remarks means nothing. */
function remarksProblem(
  what: string,
  expected: readonly string[] = [],
  actual: readonly string[] = [],
): string | undefined {
  const [wanted, got] = [expected.map(comparable).sort(), actual.map(comparable).sort()];
  // Of more than ten, the server tells any ten.
  const omitted = wanted.find((remark) => OMITTED.test(remark));
  if (omitted !== undefined && wanted.length === got.length && got.includes(omitted)) return undefined;
  return isDeepStrictEqual(wanted, got)
    ? undefined
    : `expected ${what} ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}

/** The server counts a sample again each time it passes the remark on, so that number is left out. */
function comparable(remark: string): string {
  return remark.replace(/over \d+ samples/, 'over some samples');
}
