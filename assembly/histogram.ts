// AssemblyScript, compiled by scripts/build-wasm.ts into src/wire/gen/histogram-wasm.ts; see decodeSamples for its caller.
// The samples of histogram chunks: Prometheus tsdb/chunkenc, histogram.go, float_histogram.go and those with start
// timestamps. Of a malformed chunk it says no more than that it is one: the decoders in JavaScript say what is wrong.

import {
  LONGEST_SHORT_VARBIT,
  MAX_SAFE,
  STALE,
  WORD_BITS,
  XOR_BYTES,
  bits64,
  malformed,
  nextXor,
  position,
  seek,
  startAt,
  startXor,
  varbitInt,
  varbitUint,
  varbitSigned,
  varbitSize,
  word,
} from './bits';

import { beginStarts, readStart, start } from './starts';

export { DATA } from './bits';

/** The most that fits into memory; the caller reads larger chunks in JavaScript. */
export const MAX_DATA_BYTES: u32 = 262144;
export const MAX_SAMPLES: u32 = 8192;
export const MAX_WIDTH: u32 = 4096;
export const MAX_COUNTS: u32 = 262144;

/** Where things lie in memory behind the chunk, beyond whose end a sample may be read: columns of float64. */
export const TIMES: u32 = 327680;
export const COUNTS: u32 = 393216;
export const ZERO_COUNTS: u32 = 458752;
export const SUMS: u32 = 524288;
export const STARTS: u32 = 589824;
/** Three floats, then what is remembered of each bucket: a float, or its delta and by how much that changed last. */
const COUNT: u32 = 655360;
const ZERO_COUNT: u32 = 655376;
const SUM: u32 = 655392;
const BUCKET_STATES: u32 = 655408;
/** The counts of the buckets, a row a sample, with a row more than MAX_COUNTS allow for a sample that is not wanted. */
export const BUCKETS: u32 = 786432;

/** What is returned instead of a number of samples. */
const REFUSED: i32 = -1;

/** How many samples before the first one that was written the chunk has. */
export let skipped: u32 = 0;
/** How many of the samples that were written have the stale marker as their sum. */
export let stales: u32 = 0;

/** The sample at work. */
let time: f64 = 0;
let timeStep: f64 = 0;
let previousTime: f64 = 0;
let written: u32 = 0;

/**
 * Reads `total` samples with integer counts of a chunk of `length` bytes at DATA, from bit `at` on, and writes those with
 * minTime ≤ time ≤ maxTime to the columns.
 * @param startHeader see StartTimes; 0 where the encoding has no start timestamps.
 * @returns their number, or REFUSED. Reads past the end of the chunk, up to a sample's size, see what is in memory there;
 *   nothing that comes of it counts.
 */
export function decodeIntegers(
  length: u32,
  at: u32,
  total: u32,
  positives: u32,
  negatives: u32,
  startHeader: u32,
  minTime: f64,
  maxTime: f64,
): i32 {
  const end = length << 3;
  const width = positives + negatives;
  begin(at);
  let count: f64 = 0;
  let countStep: f64 = 0;
  let zeroCount: f64 = 0;
  let zeroCountStep: f64 = 0;
  for (let i: u32 = 0; i < total; i++) {
    readTime(i);
    if (i === 0) {
      count = varbitUint();
      zeroCount = varbitUint();
      startXor(SUM, bits64());
    } else {
      countStep += varbitInt();
      count += countStep;
      zeroCountStep += varbitInt();
      zeroCount += zeroCountStep;
      nextXor(SUM);
    }
    if (isRefused(i, end)) return REFUSED;
    if (time > maxTime) return written;
    const row = BUCKETS + ((written * width) << 3);
    if (i === 0) {
      readFirstDeltas(0, positives, row);
      readFirstDeltas(positives, width, row);
    } else if (load<u64>(SUM) !== STALE) {
      readDeltas(0, positives, row);
      readDeltas(positives, width, row);
    }
    readStart(startHeader, i, time, previousTime);
    if (malformed || position > end) return REFUSED;
    store<f64>(COUNTS + (written << 3), count);
    store<f64>(ZERO_COUNTS + (written << 3), zeroCount);
    write(minTime);
  }
  return written;
}

/** The same for samples with float counts. */
export function decodeFloats(
  length: u32,
  at: u32,
  total: u32,
  width: u32,
  startHeader: u32,
  minTime: f64,
  maxTime: f64,
): i32 {
  const end = length << 3;
  begin(at);
  for (let i: u32 = 0; i < total; i++) {
    readTime(i);
    if (i === 0) {
      startXor(COUNT, bits64());
      startXor(ZERO_COUNT, bits64());
      startXor(SUM, bits64());
    } else {
      nextXor(COUNT);
      nextXor(ZERO_COUNT);
      nextXor(SUM);
    }
    if (isRefused(i, end)) return REFUSED;
    if (time > maxTime) return written;
    if (i === 0 || load<u64>(SUM) !== STALE) readFloats(i, width, BUCKETS + ((written * width) << 3));
    readStart(startHeader, i, time, previousTime);
    if (malformed || position > end) return REFUSED;
    store<u64>(COUNTS + (written << 3), load<u64>(COUNT));
    store<u64>(ZERO_COUNTS + (written << 3), load<u64>(ZERO_COUNT));
    write(minTime);
  }
  return written;
}

function begin(at: u32): void {
  startAt(at);
  time = 0;
  timeStep = 0;
  written = 0;
  skipped = 0;
  stales = 0;
  beginStarts();
}

function readTime(i: u32): void {
  previousTime = time;
  if (i === 0) {
    time = varbitInt();
  } else {
    timeStep += varbitInt();
    time += timeStep;
  }
}

/** Whether the sample is cut off, or its time is one that the columns cannot hold. */
function isRefused(i: u32, end: u32): bool {
  return malformed || position > end || abs(time) > MAX_SAFE || (i > 0 && time <= previousTime);
}

/** The deltas of the buckets [from, to) of one sign, each to the bucket before it. */
function readFirstDeltas(from: u32, to: u32, row: u32): void {
  let count: f64 = 0;
  for (let i = from; i < to; i++) {
    const delta = varbitInt();
    const state = BUCKET_STATES + i * XOR_BYTES;
    store<f64>(state, delta);
    store<f64>(state + 8, 0);
    count += delta;
    store<f64>(row + (i << 3), count);
  }
}

/**
 * The loop that all of the time goes into, hence with `varbitInt` written out: it keeps the bits that come next in a local,
 * and fetches more when a number might not be in them.
 */
function readDeltas(from: u32, to: u32, row: u32): void {
  let at = position;
  let bits: u64 = 0;
  let left: i32 = 0;
  let count: f64 = 0;
  let state = BUCKET_STATES + from * XOR_BYTES;
  let target = row + (from << 3);
  const end = row + (to << 3);
  while (target < end) {
    if (left < LONGEST_SHORT_VARBIT) {
      bits = word(at);
      left = WORD_BITS;
    }
    let step = load<f64>(state + 8);
    const ones = <u32>clz(~bits);
    if (ones < 7) {
      const size = varbitSize(ones);
      const used = ones + 1 + size;
      step += <f64>varbitSigned(bits, ones, size);
      at += used;
      bits <<= used;
      left -= used;
    } else {
      seek(at);
      step += varbitInt();
      at = position;
      left = 0;
    }
    const delta = load<f64>(state) + step;
    store<f64>(state, delta);
    store<f64>(state + 8, step);
    count += delta;
    store<f64>(target, count);
    state += XOR_BYTES;
    target += 8;
  }
  seek(at);
}

function readFloats(sample: u32, width: u32, row: u32): void {
  for (let i: u32 = 0; i < width; i++) {
    const state = BUCKET_STATES + i * XOR_BYTES;
    if (sample === 0) startXor(state, bits64());
    else nextXor(state);
    store<u64>(row + (i << 3), load<u64>(state));
  }
}

/** Finishes the row of the sample, which the next one takes where this one is not wanted. */
function write(minTime: f64): void {
  const at = written << 3;
  store<f64>(TIMES + at, time);
  store<u64>(SUMS + at, load<u64>(SUM));
  store<f64>(STARTS + at, start);
  if (time >= minTime) {
    written++;
    stales += u32(load<u64>(SUM) === STALE);
  } else {
    skipped++;
  }
}
