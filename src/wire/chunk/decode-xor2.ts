import type { SampleBuffer } from '../../model/sample-columns.ts';
import { BitReader } from './bit-reader.ts';
import { FloatAppender } from './float-appender.ts';
import { StartTimes } from './start-times.ts';
import { STALE_HIGH, STALE_LOW, XorFloat } from './xor-float.ts';

/**
 * Decodes an XOR2 chunk (Prometheus tsdb/chunkenc, xor2.go): floats with start timestamps, where one prefix says how
 * both time and value changed. A stale marker is not the base of the next value.
 */
export function decodeXor2(data: Uint8Array, target: SampleBuffer, minTime: number, maxTime: number): void {
  const reader = new BitReader(data, 0);
  const total = reader.bits(16);
  const starts = new StartTimes(reader.bits(8));
  if (total === 0) return;
  const value = new XorFloat();
  const out = new FloatAppender(target, minTime, maxTime);

  let time = reader.varint();
  reader.read64(64);
  const { high, low } = reader;
  if (!(high === STALE_HIGH && low === STALE_LOW)) value.set(high, low);
  starts.read(reader, 0, time, 0);
  out.append(time, high, low, starts.current);

  let step = 0;
  for (let i = 1; i < total && !out.done; i++) {
    const previous = time;
    let stale: boolean;
    if (i === 1) {
      step = reader.uvarint();
      stale = readValue(reader, value);
    } else {
      const change = reader.ones(5);
      if (change >= 2 && change <= 4) step += readStepChange(reader, change);
      stale =
        change === 5 ||
        (change === 1 ? readChangedValue(reader, value) : change > 1 && readValue(reader, value));
    }
    time += step;
    starts.read(reader, i, time, previous);
    out.append(time, stale ? STALE_HIGH : value.high, stale ? STALE_LOW : value.low, starts.current);
  }
}

/** Prefix 110: 13 bits in two's complement, 1110: 20 bits, 11110: 64 bits. */
function readStepChange(reader: BitReader, prefix: number): number {
  const size = prefix === 2 ? 13 : prefix === 3 ? 20 : 64;
  reader.read64(size);
  if (size === 64) return (reader.high | 0) * 2 ** 32 + reader.low;
  return (reader.low << (32 - size)) >> (32 - size);
}

/** After another interval: `0` unchanged, `10` the window as before, `110` a new window, `111` a stale marker. */
function readValue(reader: BitReader, value: XorFloat): boolean {
  const change = reader.ones(3);
  if (change === 0) return false;
  if (change === 3) return true;
  if (change === 2) value.readWindow(reader);
  value.readChange(reader);
  return false;
}

/** After the same interval, where the value is known to change: `0` the window as before, `1` a new window. */
function readChangedValue(reader: BitReader, value: XorFloat): boolean {
  if (reader.bit() === 1) value.readWindow(reader);
  value.readChange(reader);
  return false;
}
