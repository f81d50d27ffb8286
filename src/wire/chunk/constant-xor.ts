import { floatFromBits } from './xor-float.ts';

/** Samples that all have one value. The same object serves many chunks. */
export interface ConstantSamples {
  /** How many there are. */
  count: number;
  value: number;
  /** Time of the first one, ms since the epoch. */
  first: number;
  /** Ms from each to the next where all are at equal distances; then no times are written. Otherwise 0. */
  spacing: number;
  /** Ms since the epoch, strictly ascending. As many as `count` tells. */
  t: Float64Array;
}

/** To be read into. */
export function constantSamples(): ConstantSamples {
  return { count: 0, value: 0, first: 0, spacing: 0, t: new Float64Array(0) };
}

/** Longer numbers do not occur in times of this era, and stay below 2^53. */
const MOST_VARINT_BYTES = 7;

let at = 0;

/**
 * Reads an XOR chunk of floats of which all have the same value, as those of `up` nearly always do (Prometheus
 * tsdb/chunkenc/xor.go). Samples at equal distances are zero bits, two each, so there is no look at each one. Several times as fast as
 * decoding (test/bench/coverage.bench.ts).
 * @returns false where the chunk is another one, or is damaged, which `decodeChunk` tells; `into` is of no use then.
 */
export function readConstantXor(data: Uint8Array, into: ConstantSamples): boolean {
  if (data.length < 2) return false;
  const count = (data[0]! << 8) | data[1]!;
  at = 2;
  const zigzag = readVarint(data);
  if (count === 0 || zigzag < 0 || zigzag % 2 !== 0 || at + 8 > data.length) return false;
  if (into.t.length < count) into.t = new Float64Array(Math.max(count, 2 * into.t.length));
  const { t } = into;
  into.count = count;
  into.value = floatFromBits(readWord(data, at), readWord(data, at + 4));
  let time = zigzag / 2;
  into.first = t[0] = time;
  into.spacing = 0;
  at += 8;
  if (count === 1) return true;
  let delta = readVarint(data);
  if (delta <= 0) return false;
  if (isZero(data, at, at + Math.ceil((1 + 2 * (count - 2)) / 8))) {
    into.spacing = delta;
    return time + delta * (count - 1) <= Number.MAX_SAFE_INTEGER;
  }
  time += delta;
  t[1] = time;
  // The value of the second sample is the first of the bits that follow; those of a sample are one for time and one for value.
  let bit = at * 8;
  if (bitsAt(data, bit++) < 0) return false;
  for (let i = 2; i < count;) {
    const bits = bitsAt(data, bit);
    const steady = Math.min(Math.clz32(bits) >>> 1, WINDOW_BITS >>> 1, count - i);
    for (let end = i + steady; i < end; i++) t[i] = time += delta;
    bit += 2 * steady;
    if (steady > 0) continue;
    // Prefix, sign, and the bit of the value, which has to be zero.
    const form = bits >= 0 ? undefined : FORMS[(bits >>> 28) & 7];
    if (form === undefined) return false;
    // All but the largest half mean negative numbers.
    const change = bitsAt(data, bit + form.prefix) >>> (32 - form.length);
    delta += change > 1 << (form.length - 1) ? change - (1 << form.length) : change;
    bit += form.prefix + form.length;
    if (bitsAt(data, bit++) < 0 || delta <= 0) return false;
    t[i++] = time += delta;
  }
  return bit <= data.length * 8 && time <= Number.MAX_SAFE_INTEGER;
}

/** Whether these bytes are there and zero. */
function isZero(data: Uint8Array, from: number, to: number): boolean {
  if (to > data.length) return false;
  for (let i = from; i < to; i++) if (data[i] !== 0) return false;
  return true;
}

interface Form {
  /** Bits of the prefix. */
  readonly prefix: number;
  /** Bits of the difference of two spacings, ms. */
  readonly length: number;
}

const SHORT: Form = { prefix: 2, length: 14 };
/** By the three bits behind the first one: `10`, `110` and `1110`. After `1111` come 64 bits, which are left to others. */
const FORMS: readonly (Form | undefined)[] = [
  SHORT,
  SHORT,
  SHORT,
  SHORT,
  { prefix: 3, length: 17 },
  { prefix: 3, length: 17 },
  { prefix: 4, length: 20 },
  undefined,
];

/** So many bits of what {@link bitsAt} returns are there, wherever it begins. */
const WINDOW_BITS = 24;

/** The bits from a place on, the first one as the sign; those behind the end are zero. */
function bitsAt(data: Uint8Array, bit: number): number {
  const byte = bit >>> 3;
  return readWord(data, byte) << (bit & 7);
}

/** A number of 7 bits a byte, the lowest first; -1 where it ends too late. */
function readVarint(data: Uint8Array): number {
  let value = 0;
  let factor = 1;
  for (let i = 0; i < MOST_VARINT_BYTES && at < data.length; i++) {
    const byte = data[at++]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 128;
  }
  return -1;
}

function readWord(data: Uint8Array, from: number): number {
  return (data[from]! << 24) | (data[from + 1]! << 16) | (data[from + 2]! << 8) | data[from + 3]!;
}
