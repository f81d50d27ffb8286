import { type FloatHistogram, ResetHint } from '../../model/histogram/float-histogram.ts';
import { BitWriter } from './bit-writer.ts';
import { writeHistogramLayout } from './histogram-layout-writer.ts';
import { STALE_HIGH, STALE_LOW } from './xor-float.ts';
import { XorFloatWriter } from './xor-float-writer.ts';

/** A run of histograms that one chunk can hold: the same layout, no resets inside, stale markers only at the end. */
export interface HistogramRun {
  readonly first: FloatHistogram;
  readonly times: readonly number[];
  /** Undefined where the sample is a stale marker. */
  readonly histograms: readonly (FloatHistogram | undefined)[];
}

/** Encodes a run of histograms with integer counts: the opposite of decodeHistogram without start timestamps. */
export function encodeHistogram({ first, times, histograms }: HistogramRun): Uint8Array {
  const writer = new BitWriter();
  writeHeader(writer, first, times.length);
  const sum = new XorFloatWriter();
  const time = new DoubleDelta();
  const count = new DoubleDelta();
  const zeroCount = new DoubleDelta();
  const positive = doubleDeltas(first.positive.count);
  const negative = doubleDeltas(first.negative.count);
  for (const [i, h] of histograms.entries()) {
    if (i === 0) {
      writer.varbitInt(time.first(times[i]!));
      writer.varbitUint(count.first(first.count));
      writer.varbitUint(zeroCount.first(first.zeroCount));
      sum.writeFirst(writer, first.sum);
    } else {
      writer.varbitInt(time.next(times[i]!));
      writer.varbitInt(count.next(h?.count ?? 0));
      writer.varbitInt(zeroCount.next(h?.zeroCount ?? 0));
      writeSum(writer, sum, h);
    }
    if (h === undefined) continue;
    writeDeltas(writer, positive, h.positive.count, i);
    writeDeltas(writer, negative, h.negative.count, i);
  }
  return writer.finish();
}

/** Encodes a run of histograms with float counts: the opposite of decodeFloatHistogram without start timestamps. */
export function encodeFloatHistogram({ first, times, histograms }: HistogramRun): Uint8Array {
  const writer = new BitWriter();
  writeHeader(writer, first, times.length);
  const time = new DoubleDelta();
  const count = new XorFloatWriter();
  const zeroCount = new XorFloatWriter();
  const sum = new XorFloatWriter();
  const positive = xorFloats(first.positive.count.length);
  const negative = xorFloats(first.negative.count.length);
  for (const [i, h] of histograms.entries()) {
    if (i === 0) {
      writer.varbitInt(time.first(times[i]!));
      count.writeFirst(writer, first.count);
      zeroCount.writeFirst(writer, first.zeroCount);
      sum.writeFirst(writer, first.sum);
    } else {
      writer.varbitInt(time.next(times[i]!));
      count.writeNext(writer, h?.count ?? 0);
      zeroCount.writeNext(writer, h?.zeroCount ?? 0);
      writeSum(writer, sum, h);
    }
    if (h === undefined) continue;
    writeFloats(writer, positive, h.positive.count, i);
    writeFloats(writer, negative, h.negative.count, i);
  }
  return writer.finish();
}

function writeHeader(writer: BitWriter, first: FloatHistogram, samples: number): void {
  writer.bits(samples, 16);
  writer.bits(RESET_HEADERS[first.resetHint], 2);
  writer.bits(0, 6);
  writeHistogramLayout(writer, first);
}

function writeSum(writer: BitWriter, sum: XorFloatWriter, h: FloatHistogram | undefined): void {
  if (h === undefined) sum.writeNextBits(writer, STALE_HIGH, STALE_LOW);
  else sum.writeNext(writer, h.sum);
}

/** The counter reset header by hint, see HistogramHeader. */
const RESET_HEADERS = {
  [ResetHint.unknown]: 0,
  [ResetHint.notReset]: 1,
  [ResetHint.reset]: 2,
  [ResetHint.gauge]: 3,
} as const satisfies Record<ResetHint, number>;

/** A number that is stored as the change of its last change. */
class DoubleDelta {
  #value = 0;
  #step = 0;

  first(value: number): number {
    this.#value = value;
    return value;
  }

  next(value: number): number {
    const step = value - this.#value;
    const change = step - this.#step;
    this.#value = value;
    this.#step = step;
    return change;
  }
}

function doubleDeltas(counts: Float64Array): readonly DoubleDelta[] {
  return Array.from(counts, () => new DoubleDelta());
}

/** Each count goes as its delta to the count of the bucket before it. */
function writeDeltas(
  writer: BitWriter,
  deltas: readonly DoubleDelta[],
  counts: Float64Array,
  sample: number,
): void {
  for (const [i, state] of deltas.entries()) {
    const delta = counts[i]! - (counts[i - 1] ?? 0);
    writer.varbitInt(sample === 0 ? state.first(delta) : state.next(delta));
  }
}

function xorFloats(length: number): readonly XorFloatWriter[] {
  return Array.from({ length }, () => new XorFloatWriter());
}

function writeFloats(
  writer: BitWriter,
  states: readonly XorFloatWriter[],
  values: Float64Array,
  sample: number,
): void {
  for (const [i, state] of states.entries()) {
    if (sample === 0) state.writeFirst(writer, values[i]!);
    else state.writeNext(writer, values[i]!);
  }
}
