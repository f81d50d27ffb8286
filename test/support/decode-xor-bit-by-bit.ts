import type { SampleBuffer } from '../../src/model/sample-columns.ts';
import { BitReader } from '../../src/wire/chunk/bit-reader.ts';
import { FloatAppender } from '../../src/wire/chunk/float-appender.ts';
import { XorFloat } from '../../src/wire/chunk/xor-float.ts';

/** Sizes of the change of the sampling interval by number of leading one bits; 64 is read apart. */
const STEP_SIZES: readonly number[] = [0, 14, 17, 20, 64];

/** Decodes an XOR chunk with the readers of the other encodings: the reference for the WebAssembly decoder. */
export function decodeXorBitByBit(
  data: Uint8Array,
  target: SampleBuffer,
  minTime: number,
  maxTime: number,
): void {
  const reader = new BitReader(data, 0);
  const total = reader.bits(16);
  if (total === 0) return;
  const value = new XorFloat();
  const out = new FloatAppender(target, minTime, maxTime);
  let time = reader.varint();
  value.readFirst(reader);
  out.append(time, value.high, value.low);
  let step = 0;
  for (let i = 1; i < total && !out.done; i++) {
    step = i === 1 ? reader.uvarint() : step + readStepChange(reader);
    time += step;
    value.readNext(reader);
    out.append(time, value.high, value.low);
  }
}

function readStepChange(reader: BitReader): number {
  const size = STEP_SIZES[reader.ones(4)]!;
  if (size < 64) return size === 0 ? 0 : reader.skewedInt(size);
  reader.read64(64);
  return (reader.high | 0) * 2 ** 32 + reader.low;
}
