import { floatFromBits } from './xor-float.ts';

/** A chunk of samples that all have one value, at least one. The same object serves many chunks. Times in ms since the epoch, ascending. */
export interface ConstantSamples {
  /** How many there are. */
  count: number;
  value: number;
  first: number;
  last: number;
  /** From the first one to the second; 0 where there is one sample. So are the next two. */
  firstSpacing: number;
  leastSpacing: number;
  mostSpacing: number;
  /** The chunk, for {@link constantTimes}. */
  data: Uint8Array;
}

/** To be read into. */
export function constantSamples(): ConstantSamples {
  const data = new Uint8Array(0);
  return { count: 0, value: 0, first: 0, last: 0, firstSpacing: 0, leastSpacing: 0, mostSpacing: 0, data };
}

/** Longer numbers do not occur in times of this era, and stay below 2^53. */
const MOST_VARINT_BYTES = 7;

let at = 0;

/**
 * Reads what there is to know of an XOR chunk of floats of which all have the same value, as those of `up` nearly always do (Prometheus
 * tsdb/chunkenc/xor.go). Its times are not written, since a run of scrapes needs none of them. Samples at equal distances are zero bits,
 * two each, so there is no look at each one. Many times as fast as decoding (test/bench/coverage.bench.ts).
 * @returns false where the chunk is another one, or is damaged, which `decodeChunk` tells; `into` is of no use then.
 */
export function readConstantXor(data: Uint8Array, into: ConstantSamples): boolean {
  if (data.length < 2) return false;
  const count = (data[0]! << 8) | data[1]!;
  at = 2;
  const zigzag = readVarint(data);
  if (count === 0 || zigzag < 0 || zigzag % 2 !== 0 || at + 8 > data.length) return false;
  const first = zigzag / 2;
  into.data = data;
  into.count = count;
  into.value = floatFromBits(readWord(data, at), readWord(data, at + 4));
  into.first = into.last = first;
  into.firstSpacing = into.leastSpacing = into.mostSpacing = 0;
  at += 8;
  if (count === 1) return true;
  const spacing = readVarint(data);
  if (spacing <= 0) return false;
  into.firstSpacing = into.leastSpacing = into.mostSpacing = spacing;
  if (isZero(data, at, at + Math.ceil((1 + 2 * (count - 2)) / 8))) into.last = first + spacing * (count - 1);
  else if (!readSpacings(into, at * 8)) return false;
  return into.last <= Number.MAX_SAFE_INTEGER;
}

/** The times of a chunk that {@link readConstantXor} has read: the first `count` of what is returned, until it is called again. */
export function constantTimes(samples: ConstantSamples): Float64Array {
  const { data, count, first, firstSpacing, leastSpacing, mostSpacing } = samples;
  if (times.length < count) times = new Float64Array(Math.max(count, 2 * times.length));
  times[0] = first;
  if (count > 1) times[1] = first + firstSpacing;
  if (leastSpacing === mostSpacing) for (let i = 2; i < count; i++) times[i] = first + i * firstSpacing;
  else {
    at = 2;
    readVarint(data);
    at += 8;
    readVarint(data);
    readSpacings(samples, at * 8, times);
  }
  return times;
}

let times = new Float64Array(0);
/** On the bytes that the chunk lies in, as many others do: one load instead of four, and a view costs more than a chunk. */
let view: DataView = new DataView(new ArrayBuffer(0));

/**
 * Reads what lies behind the first spacing, from a bit on: the value of the second sample, and of each further one a bit or more for its
 * time and one for its value. @param t takes the times, where it is given.
 * @returns false where a value is another one, the chunk is damaged, or changes by more than 20 bits can say.
 */
function readSpacings(samples: ConstantSamples, from: number, t?: Float64Array): boolean {
  const { data, count, firstSpacing } = samples;
  let bit = from;
  let spacing = firstSpacing;
  let [least, most] = [spacing, spacing];
  let time = samples.first + spacing;
  if (bitsAt(data, bit++) < 0) return false;
  // What lies behind the chunk may be seen there, but where it was taken for a part of it, the last line refuses the chunk.
  const { byteOffset } = data;
  if (view.buffer !== data.buffer) view = new DataView(data.buffer);
  const lastWord = view.byteLength - byteOffset - 4;
  for (let i = 2; i < count;) {
    const byte = bit >>> 3;
    const bits = byte <= lastWord ? view.getInt32(byteOffset + byte) << (bit & 7) : bitsAt(data, bit);
    if (bits >>> 30 === 0) {
      const steady = Math.min(Math.clz32(bits) >>> 1, WINDOW_BITS >>> 1, count - i);
      if (t !== undefined) for (let k = 0; k < steady; k++) t[i + k] = time + (k + 1) * spacing;
      time += steady * spacing;
      i += steady;
      bit += 2 * steady;
      continue;
    }
    if (bits >>> 30 === 2) {
      // The usual form, all of which is in the window: two bits of prefix, 14 of the change, and that of the value.
      const change = (bits << 2) >> 18;
      spacing += change === -(1 << 13) ? 1 << 13 : change;
      if (bits << 16 < 0) return false;
      bit += 17;
    } else {
      // Prefix, change, and the bit of the value, which has to be zero.
      const form = bits >= 0 ? undefined : FORMS[(bits >>> 28) & 3];
      if (form === undefined) return false;
      // All but the largest half mean negative numbers.
      const change = bitsAt(data, bit + form.prefix) >>> (32 - form.length);
      spacing += change > 1 << (form.length - 1) ? change - (1 << form.length) : change;
      bit += form.prefix + form.length;
      if (bitsAt(data, bit++) < 0) return false;
    }
    if (spacing <= 0) return false;
    if (spacing < least) least = spacing;
    if (spacing > most) most = spacing;
    time += spacing;
    if (t !== undefined) t[i] = time;
    i++;
  }
  samples.last = time;
  samples.leastSpacing = least;
  samples.mostSpacing = most;
  return bit <= data.length * 8;
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

/** By the two bits behind `11`: `110` and `1110`. After `1111` come 64 bits, which are left to others. */
const FORMS: readonly (Form | undefined)[] = [
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
