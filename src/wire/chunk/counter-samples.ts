import { BitReader } from './bit-reader.ts';
import { XorFloat } from './xor-float.ts';

/** Sizes of the change of the sampling interval by number of leading one bits; 64 is read apart. */
const STEP_SIZES: readonly number[] = [0, 14, 17, 20, 64];

/**
 * Reads an XOR chunk whose timestamps (ms) need not ascend: downsampled counters of Thanos end with their last time
 * once more. For those alone; ordinary chunks go through `decodeXor`, which is many times as fast and refuses them.
 * Throws ChunkFormatError where the chunk is cut off.
 */
export function readCounterSamples(data: Uint8Array, each: (t: number, v: number) => void): void {
  const reader = new BitReader(data, 0);
  const total = reader.bits(16);
  const value = new XorFloat();
  let [time, step] = [0, 0];
  for (let i = 0; i < total; i++) {
    if (i === 0) {
      time = reader.varint();
      value.readFirst(reader);
    } else {
      step = i === 1 ? reader.uvarint() : step + readStepChange(reader);
      time += step;
      value.readNext(reader);
    }
    each(time, value.value);
  }
}

function readStepChange(reader: BitReader): number {
  const size = STEP_SIZES[reader.ones(4)]!;
  if (size < 64) return size === 0 ? 0 : reader.skewedInt(size);
  reader.read64(64);
  return (reader.high | 0) * 2 ** 32 + reader.low;
}
