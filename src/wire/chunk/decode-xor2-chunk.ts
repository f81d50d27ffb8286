import type { SampleBuffer } from '../../model/sample-columns.ts';
import { XOR2_WASM } from '../gen/xor2-wasm.ts';
import { decodeXor2 } from './decode-xor2.ts';
import { startWasm, type WasmConstant, type WasmExports } from '../wasm.ts';

/** What assembly/xor2.ts exports; its constants come as globals. */
interface Xor2Exports extends WasmExports {
  readonly decode: (length: number, minTime: number, maxTime: number) => number;
  readonly DATA: WasmConstant;
  readonly MAX_DATA_BYTES: WasmConstant;
  readonly TIMES: WasmConstant;
  readonly VALUES: WasmConstant;
  readonly STARTS: WasmConstant;
}

/** The number of samples that a chunk's two bytes of count can claim. */
const MAX_SAMPLES = 65535;

const wasm = startWasm(XOR2_WASM) as Xor2Exports;
const { buffer } = wasm.memory;
const maxDataBytes = wasm.MAX_DATA_BYTES.value;
const input = new Uint8Array(buffer, wasm.DATA.value, maxDataBytes);
const times = new Float64Array(buffer, wasm.TIMES.value, MAX_SAMPLES);
const values = new Float64Array(buffer, wasm.VALUES.value, MAX_SAMPLES);
const starts = new Float64Array(buffer, wasm.STARTS.value, MAX_SAMPLES);

/** Decodes an XOR2 chunk bit for bit as {@link decodeXor2} does, which also says what is wrong with a malformed one. */
export function decodeXor2Chunk(
  data: Uint8Array,
  target: SampleBuffer,
  minTime: number,
  maxTime: number,
): void {
  let count = -1;
  if (data.length <= maxDataBytes) {
    input.set(data);
    count = wasm.decode(data.length, minTime, maxTime);
  }
  if (count < 0) {
    decodeXor2(data, target, minTime, maxTime);
    return;
  }
  const at = target.length;
  target.reserve(count);
  target.t.set(times.subarray(0, count), at);
  target.v.set(values.subarray(0, count), at);
  target.length = at + count;
  target.appendStarts(starts, count);
}
