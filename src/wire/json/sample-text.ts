import { startWasm, type WasmConstant, type WasmExports } from '../wasm.ts';
import { SAMPLES_WASM } from '../gen/samples-wasm.ts';

/** What assembly/samples.ts exports; its constants come as globals. */
interface SamplesExports extends WasmExports {
  readonly encode: (count: number) => number;
  readonly encodeValues: (count: number) => number;
  readonly MAX_SAMPLES: WasmConstant;
  readonly TIMES: WasmConstant;
  readonly VALUES: WasmConstant;
  readonly POWERS: WasmConstant;
  readonly TEXT: WasmConstant;
  readonly SMALLEST_POWER: WasmConstant;
  readonly NUMBER_OF_POWERS: WasmConstant;
}

const wasm = startWasm(SAMPLES_WASM) as SamplesExports;
const { encode, encodeValues } = wasm;
const { buffer } = wasm.memory;
const text = new Uint8Array(buffer, wasm.TEXT.value);

/** The most samples that {@link sampleText} takes at once. */
export const MOST_SAMPLES: number = wasm.MAX_SAMPLES.value;

/** Where the samples of the next {@link sampleText} are put: times in ms, which are whole numbers, and values. */
export const SAMPLE_TIMES: Float64Array = new Float64Array(buffer, wasm.TIMES.value, MOST_SAMPLES);
export const SAMPLE_VALUES: Float64Array = new Float64Array(buffer, wasm.VALUES.value, MOST_SAMPLES);

/** Not at the start of the program, which it would delay by some milliseconds. */
let arePowersThere = false;

/**
 * The first `count` samples in JSON, each as `,[<seconds>,"<value>"]`, with the digits that `formatTimestamp` and `formatFloat`
 * give: Prometheus' util/jsonutil. Several times as fast, because no string is made.
 * @returns ASCII in memory that the next call writes over.
 */
export function sampleText(count: number): Uint8Array {
  fillPowersOnce();
  return text.subarray(0, encode(count));
}

/** The same of the values alone, each as `,<value>`. `NaN`, `+Inf` and `-Inf` are among them, which are no JSON. */
export function valueText(count: number): Uint8Array {
  fillPowersOnce();
  return text.subarray(0, encodeValues(count));
}

function fillPowersOnce(): void {
  if (arePowersThere) return;
  fillPowers();
  arePowersThere = true;
}

/** The powers of ten as 128 bits, of which the first is set: rounded up, so that a product is never too small. */
function fillPowers(): void {
  const count = wasm.NUMBER_OF_POWERS.value;
  const powers = new BigUint64Array(buffer, wasm.POWERS.value, 2 * count);
  for (let i = 0; i < count; i++) {
    const power = wasm.SMALLEST_POWER.value + i;
    const bits = power < 0 ? reciprocal(10n ** BigInt(-power)) : leading(10n ** BigInt(power));
    powers[2 * i] = BigInt.asUintN(64, bits);
    powers[2 * i + 1] = bits >> 64n;
  }
}

/** The first 128 bits of a whole number. */
function leading(whole: bigint): bigint {
  const excess = bitLength(whole) - 128n;
  return excess <= 0n ? whole << -excess : ceilDivide(whole, 1n << excess);
}

/** The first 128 bits of 1 / whole, which is no power of two. */
function reciprocal(whole: bigint): bigint {
  return ceilDivide(1n << (127n + bitLength(whole)), whole);
}

function bitLength(whole: bigint): bigint {
  return BigInt(whole.toString(2).length);
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
