import type { SampleBuffer } from '../../model/sample-columns.ts';
import { BitReader } from './bit-reader.ts';
import { HistogramAppender } from './histogram-appender.ts';
import { readHistogramLayout, readHistogramHeader } from './histogram-layout.ts';
import { StartTimes } from './start-times.ts';
import { XorFloat } from './xor-float.ts';

/**
 * Decodes a chunk of histograms with integer counts (Prometheus tsdb/chunkenc, histogram.go and histogram_st.go).
 * Times and counts are stored as changes of their last change; bucket counts are deltas to the bucket before.
 */
export function decodeHistogram(
  data: Uint8Array,
  withStarts: boolean,
  target: SampleBuffer,
  minTime: number,
  maxTime: number,
): void {
  const reader = new BitReader(data, 0);
  const { total, resetHeader, startHeader } = readHistogramHeader(reader, withStarts);
  if (total === 0) return;
  const layout = readHistogramLayout(reader);
  const out = new HistogramAppender(layout, resetHeader, target, minTime, maxTime);
  const starts = new StartTimes(startHeader);
  const sum = new XorFloat();
  const positive = new DeltaBuckets(layout.positiveIndex.length);
  const negative = new DeltaBuckets(layout.negativeIndex.length);
  let time = 0;
  let timeStep = 0;
  let count = 0;
  let countStep = 0;
  let zeroCount = 0;
  let zeroCountStep = 0;

  for (let i = 0; i < total; i++) {
    const previousTime = time;
    if (i === 0) {
      time = reader.varbitInt();
      count = reader.varbitUint();
      zeroCount = reader.varbitUint();
      sum.readFirst(reader);
    } else {
      time += timeStep += reader.varbitInt();
      count += countStep += reader.varbitInt();
      zeroCount += zeroCountStep += reader.varbitInt();
      sum.readNext(reader);
    }
    const wanted = out.wants(time);
    if (out.done) return;
    const stale = sum.isStale;
    if (i === 0) {
      positive.readFirst(reader);
      negative.readFirst(reader);
    } else if (!stale) {
      positive.readNext(reader);
      negative.readNext(reader);
    }
    starts.read(reader, i, time, previousTime);
    if (wanted && stale) {
      out.appendStale(time, starts.current);
    } else if (wanted) {
      const sample = {
        count,
        zeroCount,
        sum: sum.value,
        positive: positive.counts(),
        negative: negative.counts(),
      };
      out.append(time, sample, starts.current);
    }
    out.next();
  }
}

/** The buckets of one sign: for each the delta to the bucket before it, and by how much that changed last. */
class DeltaBuckets {
  readonly #deltas: Float64Array;
  readonly #steps: Float64Array;

  constructor(length: number) {
    this.#deltas = new Float64Array(length);
    this.#steps = new Float64Array(length);
  }

  readFirst(reader: BitReader): void {
    for (let i = 0; i < this.#deltas.length; i++) this.#deltas[i] = reader.varbitInt();
  }

  readNext(reader: BitReader): void {
    for (let i = 0; i < this.#deltas.length; i++) this.#deltas[i]! += this.#steps[i]! += reader.varbitInt();
  }

  counts(): Float64Array {
    const counts = new Float64Array(this.#deltas.length);
    let count = 0;
    for (let i = 0; i < counts.length; i++) counts[i] = count += this.#deltas[i]!;
    return counts;
  }
}
