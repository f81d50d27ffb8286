import { compactHistogram } from '../../model/histogram/compact.ts';
import { detectReset } from '../../model/histogram/detect-reset.ts';
import {
  type FloatHistogram,
  NO_BUCKETS,
  ResetHint,
  usesCustomBuckets,
} from '../../model/histogram/float-histogram.ts';
import type { HistogramColumn } from '../../model/histogram/histogram-column.ts';
import { reduceResolution } from '../../model/histogram/reduce-resolution.ts';
import { multiplyHistogram } from '../../model/histogram/scale.ts';
import { extrapolationFactor, rangeSeconds } from './extrapolation.ts';
import { findPlainRuns, setPlainRise } from './plain-histogram-rise.ts';
import type { KernelNotes, RangeInput, RangeKernel } from './range-kernel.ts';
import type { RateKind } from './rate.ts';
import {
  mismatchedCustomBuckets,
  mixedExponentialCustomHistograms,
  nativeHistogramNotCounter,
  nativeHistogramNotGauge,
  startTimeOverlap,
} from './remarks.ts';
import { hasOverlap } from './reset-positions.ts';
import { isStartReset } from './start-timestamps.ts';
import { addHistograms, subtractHistograms } from '../../model/histogram/combine.ts';

/** rate, increase and delta of windows that hold histograms alone (Prometheus `histogramRate`). */
export function histogramRate(kind: RateKind): RangeKernel {
  return (input, out, notes) => {
    const { t, h, lo, hi, windowStart, stepCount, length } = input;
    const st = kind.isCounter ? input.st : undefined;
    const resets = kind.isCounter ? findResets(input) : NO_RESETS;
    const runStart = findPlainRuns(h!, length, resets, kind.isCounter);
    let overlaps = 0;
    for (let step = 0; step < stepCount; step++) {
      const first = lo[step]!;
      const end = hi[step]!;
      if (end <= first) continue;
      const start = windowStart[step]!;
      const created = st === undefined ? 0 : st[first]!;
      const countedSince = created > start && created < t[first]! ? created : 0;
      const samples = end - first;
      if (samples === 1 && countedSince === 0) continue;
      const overlap = samples > 1 && st !== undefined && hasOverlap(t, st, first, end);

      if (countedSince === 0 && runStart[end - 1]! <= first) {
        const riseCount = h!.count[end - 1]! - h!.count[first]!;
        const factor = factorOf(kind, input, step, riseCount, countedSince);
        const isPlain = factor > 0 && factor < Infinity;
        if (isPlain && setPlainRise(h!, first, end - 1, factor, out, step)) {
          if (overlap) overlaps++;
          continue;
        }
      }
      const opening = h!.at(first)!;
      let rise: FloatHistogram | undefined = opening;
      if (samples > 1) {
        rise = sampledRise(input, first, end, kind.isCounter, resets, notes);
        if (rise === undefined) continue;
        if (overlap) overlaps++;
        if (countedSince !== 0) rise = withOpening(rise, opening, input.metricName, notes);
        if (rise === undefined) continue;
      }
      const factor = factorOf(kind, input, step, rise.count, countedSince);
      out.setHistogram(step, multiplyHistogram(rise, factor));
    }
    if (overlaps > 0) notes.warnCounted(startTimeOverlap(input.metricName), overlaps);
  };
}

/** What the rise of a window is multiplied by. */
function factorOf(
  { isCounter, perSecond }: RateKind,
  { t, h, lo, hi, windowStart, windowEnd }: RangeInput,
  step: number,
  riseCount: number,
  countedSince: number,
): number {
  const first = lo[step]!;
  const end = hi[step]!;
  const openingCount = h!.count[first]!;
  let firstToRise = Infinity;
  if (isCounter && riseCount > 0 && openingCount >= 0) firstToRise = openingCount / riseCount;
  const factor = extrapolationFactor(
    end - first,
    t[first]!,
    t[end - 1]!,
    windowStart[step]!,
    windowEnd[step]!,
    firstToRise,
    countedSince,
  );
  return perSecond ? factor / rangeSeconds(windowStart[step]!, windowEnd[step]!) : factor;
}

const NO_RESETS = new Uint8Array(0);

/** 1 for every histogram that follows a reset; what stands beside floats is never looked at. */
function findResets({ t, h, st, length }: RangeInput): Uint8Array {
  const resets = new Uint8Array(length);
  for (let i = 1; i < length; i++) {
    if (!h!.has(i) || !h!.has(i - 1)) continue;
    const started = st !== undefined && isStartReset(st[i - 1]!, t[i - 1]!, st[i]!, t[i]!);
    // What settles it for most is looked at here, so that those need not be taken out of the column.
    const open = h!.hintAt(i) !== ResetHint.notReset;
    if (started || (open && detectReset(h!.at(i)!, h!.at(i - 1)!))) resets[i] = 1;
  }
  return resets;
}

/** Adds what a counter had counted up to its first sample; undefined where that does not go together. */
function withOpening(
  rise: FloatHistogram,
  opening: FloatHistogram,
  metricName: string,
  notes: KernelNotes,
): FloatHistogram | undefined {
  const sum = addHistograms(rise, opening);
  if (sum === undefined) notes.warn(mixedExponentialCustomHistograms(metricName));
  else if (sum.boundsReconciled) notes.info(mismatchedCustomBuckets('addition'));
  return sum?.histogram;
}

/** Last minus first plus what resets took away; at least two histograms. The first is let go where a reset follows it. */
function sampledRise(
  { h: column, metricName }: RangeInput,
  first: number,
  end: number,
  isCounter: boolean,
  resets: Uint8Array,
  notes: KernelNotes,
): FloatHistogram | undefined {
  const h = column!;
  const restarts = isCounter && resets[first + 1] === 1;
  const base = restarts ? emptyLike(h.at(first + 1)!) : h.at(first)!;
  const last = h.at(end - 1)!;
  const schema = isCounter ? commonSchema(h, first, end, base) : pairSchema(base, last);
  if (schema === undefined) {
    // A mix inside of the window hides the remark on gauges, a mix of its ends does not: so does Prometheus.
    const endsMix = usesCustomBuckets(base) !== usesCustomBuckets(last);
    if (isCounter && endsMix && (isGauge(h.at(first)!) || isGauge(last))) {
      notes.warn(nativeHistogramNotCounter(metricName));
    }
    notes.warn(mixedExponentialCustomHistograms(metricName));
    return undefined;
  }
  noteWrongKind(h, first, end, isCounter, metricName, notes);

  const difference = subtractHistograms(reduceResolution(last, schema), base)!;
  if (difference.boundsReconciled) notes.info(mismatchedCustomBuckets('subtraction'));
  const rise = isCounter
    ? withCorrections(difference.histogram, h, first, end, base, resets, notes)
    : difference.histogram;
  return { ...compactHistogram(rise), resetHint: ResetHint.gauge };
}

/** Adds what each reset in the window took away. `base` stands in for the first histogram. */
function withCorrections(
  difference: FloatHistogram,
  h: HistogramColumn,
  first: number,
  end: number,
  base: FloatHistogram,
  resets: Uint8Array,
  notes: KernelNotes,
): FloatHistogram {
  let rise = difference;
  for (let i = first + 1; i < end; i++) {
    const isSecond = i === first + 1;
    // Where the first was let go, the second is judged against nothing: only its own hint makes it a reset then.
    const isReset = isSecond && base !== h.at(first) ? detectReset(h.at(i)!, base) : resets[i] === 1;
    if (!isReset) continue;
    const sum = addHistograms(rise, isSecond ? base : h.at(i - 1)!)!;
    if (sum.boundsReconciled) notes.info(mismatchedCustomBuckets('addition'));
    rise = sum.histogram;
  }
  return rise;
}

/** The coarsest schema of base and the samples behind the first; undefined where bucket types mix. */
function commonSchema(
  h: HistogramColumn,
  first: number,
  end: number,
  base: FloatHistogram,
): number | undefined {
  let { schema } = base;
  const custom = usesCustomBuckets(base);
  for (let i = first + 1; i < end; i++) {
    if (usesCustomBuckets(h.at(i)!) !== custom) return undefined;
    schema = Math.min(schema, h.at(i)!.schema);
  }
  return schema;
}

function pairSchema(a: FloatHistogram, b: FloatHistogram): number | undefined {
  return usesCustomBuckets(a) === usesCustomBuckets(b) ? Math.min(a.schema, b.schema) : undefined;
}

function noteWrongKind(
  h: HistogramColumn,
  first: number,
  end: number,
  isCounter: boolean,
  metricName: string,
  notes: KernelNotes,
): void {
  if (!isCounter) {
    if (!isGauge(h.at(first)!) || !isGauge(h.at(end - 1)!)) notes.warn(nativeHistogramNotGauge(metricName));
    return;
  }
  for (let i = first; i < end; i++) {
    if (!isGauge(h.at(i)!)) continue;
    notes.warn(nativeHistogramNotCounter(metricName));
    return;
  }
}

function isGauge(h: FloatHistogram): boolean {
  return h.resetHint === ResetHint.gauge;
}

/** What a counter was before its first observation, in the layout of `h`. */
function emptyLike(h: FloatHistogram): FloatHistogram {
  return {
    ...h,
    resetHint: ResetHint.unknown,
    count: 0,
    sum: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
  };
}
