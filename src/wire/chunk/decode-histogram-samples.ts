import type { HistogramNumbers } from '../../model/histogram/histogram-column.ts';
import type { HistogramLayout } from '../../model/histogram/layout.ts';
import { HISTOGRAM_WASM } from '../gen/histogram-wasm.ts';
import type { BitReader } from './bit-reader.ts';
import type { HistogramHeader } from './histogram-layout.ts';
import { startWasm, type WasmConstant, type WasmExports } from '../wasm.ts';

/** What assembly/histogram.ts exports; its constants come as globals. */
interface HistogramExports extends WasmExports {
  readonly decodeIntegers: (
    length: number,
    at: number,
    total: number,
    positives: number,
    negatives: number,
    startHeader: number,
    minTime: number,
    maxTime: number,
  ) => number;
  readonly decodeFloats: (
    length: number,
    at: number,
    total: number,
    width: number,
    startHeader: number,
    minTime: number,
    maxTime: number,
  ) => number;
  readonly DATA: WasmConstant;
  readonly MAX_DATA_BYTES: WasmConstant;
  readonly MAX_SAMPLES: WasmConstant;
  readonly MAX_WIDTH: WasmConstant;
  readonly MAX_COUNTS: WasmConstant;
  readonly TIMES: WasmConstant;
  readonly COUNTS: WasmConstant;
  readonly ZERO_COUNTS: WasmConstant;
  readonly SUMS: WasmConstant;
  readonly STARTS: WasmConstant;
  readonly BUCKETS: WasmConstant;
  readonly skipped: WasmConstant;
  readonly stales: WasmConstant;
}

/** Samples as columns; the sum is the stale marker where a sample is no more than that. */
interface DecodedSamples extends HistogramNumbers {
  /** ms. */
  readonly times: Float64Array;
  /** ms, 0 where unknown. */
  readonly starts: Float64Array;
  /** How many samples before the first of these the chunk has. */
  skipped: number;
  /** How many of them are stale markers. */
  stales: number;
}

const wasm = startWasm(HISTOGRAM_WASM) as HistogramExports;
const { buffer } = wasm.memory;
const maxSamples = wasm.MAX_SAMPLES.value;
const maxBytes = wasm.MAX_DATA_BYTES.value;
const input = new Uint8Array(buffer, wasm.DATA.value, maxBytes);

/**
 * The samples of the chunk that {@link decodeHistogramSamples} read last, as columns of the memory that it reads into. Valid
 * until it reads again.
 */
export const samples: DecodedSamples = {
  times: columnAt(wasm.TIMES),
  counts: columnAt(wasm.COUNTS),
  zeroCounts: columnAt(wasm.ZERO_COUNTS),
  sums: columnAt(wasm.SUMS),
  starts: columnAt(wasm.STARTS),
  buckets: new Float64Array(buffer, wasm.BUCKETS.value, wasm.MAX_COUNTS.value),
  skipped: 0,
  stales: 0,
};

function columnAt({ value }: WasmConstant): Float64Array {
  return new Float64Array(buffer, value, maxSamples);
}

/**
 * Reads the samples of a histogram chunk with minTime ≤ time ≤ maxTime into {@link samples}. In WebAssembly, because every
 * sample holds as many numbers as it has buckets (test/bench/native-histograms.bench.ts).
 * @param reader of `data`, behind the layout; it is not moved.
 * @returns the number of samples, or -1 where the chunk is malformed or larger than those that servers write: decodeHistogram
 *   and decodeFloatHistogram say what is wrong with it, or read it.
 */
export function decodeHistogramSamples(
  data: Uint8Array,
  reader: BitReader,
  { total, startHeader }: HistogramHeader,
  { positiveIndex, negativeIndex }: HistogramLayout,
  floatCounts: boolean,
  minTime: number,
  maxTime: number,
): number {
  const [positives, negatives] = [positiveIndex.length, negativeIndex.length];
  const width = positives + negatives;
  if (data.length > maxBytes || total > maxSamples) return -1;
  if (width > wasm.MAX_WIDTH.value || width * total > wasm.MAX_COUNTS.value) return -1;
  input.set(data);
  const at = reader.position;
  const { length } = data;
  const count = floatCounts
    ? wasm.decodeFloats(length, at, total, width, startHeader, minTime, maxTime)
    : wasm.decodeIntegers(length, at, total, positives, negatives, startHeader, minTime, maxTime);
  samples.skipped = wasm.skipped.value;
  samples.stales = wasm.stales.value;
  return count;
}
