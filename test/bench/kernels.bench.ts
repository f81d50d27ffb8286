import { ACCUMULATORS, type AccumulatedOp } from '../../src/engine/kernels/aggregate/accumulators.ts';
import { binaryKernel } from '../../src/engine/kernels/binary.ts';
import { ClassicBuckets } from '../../src/engine/kernels/quantile/classic-buckets.ts';
import { classicQuantile } from '../../src/engine/kernels/quantile/classic-quantile.ts';
import { nativeQuantile } from '../../src/engine/kernels/quantile/native-quantile.ts';
import type { KernelNotes, RangeInput } from '../../src/engine/kernels/range-kernel.ts';
import { RANGE_KERNELS } from '../../src/engine/kernels/range-kernels.ts';
import { ROW_KERNELS } from '../../src/engine/kernels/row-kernels.ts';
import { StepRow } from '../../src/engine/step-row.ts';
import { HistogramColumn } from '../../src/model/histogram/histogram-column.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';

/** Two hours of a series scraped every 15 s, read at every scrape through windows of five minutes. */
const STEPS = 480;
const SCRAPE = 15_000;
const WINDOW = 300_000;
const SAMPLES = STEPS + WINDOW / SCRAPE;
const ROUNDS = 7;
const BUCKETS = 12;

const SILENT: KernelNotes = { warn: () => {}, info: () => {}, warnCounted: () => {} };

/**
 * Prints what the kernels cost a sample that goes in: of the series for range functions, else of a row. Functions that
 * must sum every window afresh to be exact read each sample once a window: the second column counts those reads.
 */
export function run(): Promise<void> {
  const rows: Record<string, { readonly 'ns/sample': number; readonly 'ns/sample read': number }> = {};
  const measure = (name: string, samples: number, work: () => void, reads = samples): void => {
    const nanoseconds = bestOf(work);
    rows[name] = {
      'ns/sample': rounded(nanoseconds / samples),
      'ns/sample read': rounded(nanoseconds / reads),
    };
  };
  const out = new StepRow(STEPS);

  for (const [kind, input] of [
    ['floats', rangeOf(false)],
    ['histograms', rangeOf(true)],
  ] as const) {
    const names = kind === 'floats' ? Object.keys(RANGE_KERNELS) : ['rate', 'sum_over_time', 'resets'];
    for (const name of names) {
      const work = (): void => {
        out.clear();
        RANGE_KERNELS[name]!(input, out, SILENT);
      };
      measure(`${name} of ${kind}`, SAMPLES, work, (STEPS * WINDOW) / SCRAPE);
    }
  }

  const left = rowOf((step) => step % 7);
  const right = rowOf((step) => step % 5);
  for (const op of Object.keys(ACCUMULATORS) as AccumulatedOp[]) {
    const q = new Float64Array(STEPS).fill(0.9);
    measure(`${op} by ()`, STEPS * 50, () => {
      const accumulator = ACCUMULATORS[op](STEPS, q);
      for (let series = 0; series < 50; series++)
        accumulator.add(series % 2 === 0 ? left : right, 'm', SILENT);
      out.clear();
      accumulator.write(out, SILENT);
    });
  }
  for (const op of ['+', '/', '>', '^'] as const) {
    const kernel = binaryKernel({ op, returnBool: false, shows: 'left' });
    measure(`row ${op} row`, STEPS, () => {
      out.clear();
      kernel(left, right, out, SILENT);
    });
  }
  for (const name of ['abs', 'ln', 'round', 'day_of_year']) {
    measure(name, STEPS, () => {
      out.clear();
      ROW_KERNELS[name]!(left, [], out);
    });
  }

  const buckets = new ClassicBuckets();
  const report = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
  measure('histogram_quantile, classic buckets', STEPS * BUCKETS, () => {
    for (let step = 0; step < STEPS; step++) {
      buckets.clear();
      for (let i = 1; i <= BUCKETS; i++) buckets.push(i === BUCKETS ? Infinity : i, i * 10);
      out.setFloat(step, classicQuantile(0.9, buckets, report));
    }
  });
  const native = histogramOf(100);
  measure('histogram_quantile, native histograms', STEPS, () => {
    for (let step = 0; step < STEPS; step++) out.setFloat(step, nativeQuantile(0.9, native, 'm', SILENT));
  });
  console.table(rows);
  return Promise.resolve();
}

function rangeOf(histograms: boolean): RangeInput {
  const t = Float64Array.from({ length: SAMPLES }, (_, i) => (i + 1) * SCRAPE);
  const stepTime = Float64Array.from({ length: STEPS }, (_, step) => WINDOW + step * SCRAPE);
  return {
    metricName: 'm_total',
    length: SAMPLES,
    t,
    v: t.map((_, i) => (i % 100) * 3.25),
    h: histograms ? HistogramColumn.of(Array.from(t, (_, i) => histogramOf(i % 100))) : undefined,
    st: undefined,
    stepCount: STEPS,
    stepTime,
    lo: Int32Array.from({ length: STEPS }, (_, step) => step),
    hi: Int32Array.from({ length: STEPS }, (_, step) => step + WINDOW / SCRAPE),
    windowStart: stepTime.map((end) => end - WINDOW),
    windowEnd: stepTime,
    args: [new Float64Array(STEPS).fill(0.5), new Float64Array(STEPS).fill(0.5)],
  };
}

/** A counter of 40 buckets, as latencies fill them. */
function histogramOf(n: number): FloatHistogram {
  const index = Int32Array.from({ length: 40 }, (_, i) => i - 20);
  const count = Float64Array.from(index, (i) => n * (1 + Math.abs(i)));
  const none = { index: new Int32Array(0), count: new Float64Array(0) };
  return {
    schema: 3,
    resetHint: 0,
    count: count.reduce((sum, x) => sum + x, 0),
    sum: n,
    zeroThreshold: 1e-128,
    zeroCount: 0,
    positive: { index, count },
    negative: none,
    customValues: new Float64Array(0),
  };
}

function rowOf(value: (step: number) => number): StepRow {
  const row = new StepRow(STEPS);
  for (let step = 0; step < STEPS; step++) row.setFloat(step, value(step));
  return row;
}

/** ns a sample, best of some rounds of about 30 ms. */
/** Nanoseconds of the fastest round, for one call. */
function bestOf(work: () => void): number {
  const once = elapsed(1, work);
  const repeats = Math.max(1, Math.ceil(30 / Math.max(once, 1e-3)));
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, elapsed(repeats, work));
  return (best * 1e6) / repeats;
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}

function elapsed(repeats: number, work: () => void): number {
  const started = performance.now();
  for (let i = 0; i < repeats; i++) work();
  return performance.now() - started;
}
