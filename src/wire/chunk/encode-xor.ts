import type { SampleColumns } from '../../model/sample-columns.ts';
import { BitWriter, fitsSkewed } from './bit-writer.ts';
import { XorFloatWriter } from './xor-float-writer.ts';

/** Encodes the float samples [from, to), at most 65535 of them, as an XOR chunk: the opposite of decodeXor. */
export function encodeXor({ t, v }: SampleColumns, from: number, to: number): Uint8Array {
  const bits = new Uint32Array(v.buffer, v.byteOffset, 2 * v.length);
  const writer = new BitWriter();
  const value = new XorFloatWriter();
  writer.bits(to - from, 16);
  let step = 0;
  for (let i = from; i < to; i++) {
    if (i === from) {
      writer.varint(t[i]!);
      value.writeFirstBits(writer, bits[2 * i + 1]!, bits[2 * i]!);
      continue;
    }
    const next = t[i]! - t[i - 1]!;
    if (i === from + 1) writer.uvarint(next);
    else writeStepChange(writer, next - step);
    step = next;
    value.writeNextBits(writer, bits[2 * i + 1]!, bits[2 * i]!);
  }
  return writer.finish();
}

function writeStepChange(writer: BitWriter, change: number): void {
  if (change === 0) {
    writer.bits(0, 1);
  } else if (fitsSkewed(change, 14)) {
    writer.bits(0b10, 2);
    writer.int(change, 14);
  } else if (fitsSkewed(change, 17)) {
    writer.bits(0b110, 3);
    writer.int(change, 17);
  } else if (fitsSkewed(change, 20)) {
    writer.bits(0b1110, 4);
    writer.int(change, 20);
  } else {
    writer.bits(0b1111, 4);
    writer.int(change, 64);
  }
}
