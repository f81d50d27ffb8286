import type { SampleBuffer } from '../../model/sample-columns.ts';
import { XOR_WASM } from '../gen/xor-wasm.ts';
import { ChunkFormatError } from './chunk-format-error.ts';
import { timeOutOfRange, timesNotAscending } from './timestamps.ts';
import { startWasm, type WasmConstant, type WasmExports } from '../wasm.ts';

/** What assembly/xor.ts exports; its constants come as globals. */
interface XorExports extends WasmExports {
  readonly decode: (length: number, minTime: number, maxTime: number) => number;
  readonly DATA: WasmConstant;
  readonly MAX_DATA_BYTES: WasmConstant;
  readonly TIMES: WasmConstant;
  readonly VALUES: WasmConstant;
  readonly BAD_WINDOW: WasmConstant;
  readonly TIME_OUT_OF_RANGE: WasmConstant;
  readonly NOT_ASCENDING: WasmConstant;
}

/** The number of samples that a chunk's two bytes of count can claim. */
const MAX_SAMPLES = 65535;

const wasm = startWasm(XOR_WASM) as XorExports;
const { decode } = wasm;
const { buffer } = wasm.memory;
const maxDataBytes = wasm.MAX_DATA_BYTES.value;
const input = new Uint8Array(buffer, wasm.DATA.value, maxDataBytes);
const times = new Float64Array(buffer, wasm.TIMES.value, MAX_SAMPLES);
const values = new Float64Array(buffer, wasm.VALUES.value, MAX_SAMPLES);
/** Views on the samples of the newest chunk. Most chunks hold as many samples as the one before, so they serve again. */
let decodedTimes: Float64Array = times.subarray(0, 0);
let decodedValues: Float64Array = values.subarray(0, 0);

/**
 * Decodes an XOR chunk of floats. This is the hot loop of every query, hence WebAssembly: its 64-bit integers make it
 * several times as fast as JavaScript (test/bench/decode-chunks.bench.ts).
 */
export function decodeXor(data: Uint8Array, target: SampleBuffer, minTime: number, maxTime: number): void {
  if (data.length < 2) throw new ChunkFormatError(problem(0, data.length));
  // The largest number of samples of the largest size fit: what lies behind that is no part of the chunk.
  const length = Math.min(data.length, maxDataBytes);
  input.set(length === data.length ? data : data.subarray(0, length));
  const count = decode(length, minTime, maxTime);
  if (count < 0) throw new ChunkFormatError(problem(count, data.length));
  const at = target.length;
  target.reserve(count);
  if (count !== decodedTimes.length) {
    decodedTimes = times.subarray(0, count);
    decodedValues = values.subarray(0, count);
  }
  target.t.set(decodedTimes, at);
  target.v.set(decodedValues, at);
  if (target.st !== undefined) target.st.fill(0, at, at + count);
  target.length = at + count;
}

function problem(code: number, length: number): string {
  switch (code) {
    case wasm.BAD_WINDOW.value:
      return 'a chunk holds a value with more than 64 leading and significant bits';
    case wasm.TIME_OUT_OF_RANGE.value:
      return timeOutOfRange();
    case wasm.NOT_ASCENDING.value:
      return timesNotAscending();
    default:
      return `a chunk of ${length} bytes ends in the middle of a sample`;
  }
}
