import { crc32c } from '../../../src/wire/crc32c.ts';

/** A field of a protobuf message that has a length: its tag, the length, and the bytes. */
export function delimited(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(bytes.length), bytes]);
}

/** A frame of a streamed remote-read answer: length, checksum, message. */
export function frameOf(message: Uint8Array): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32c(message));
  return Buffer.concat([varint(message.length), checksum, message]);
}

/** The smallest chunk in a series of remote read: an XOR chunk that says it has no samples. */
export const EMPTY_CHUNK: readonly number[] = [0x12, 6, 0x18, 1, 0x22, 2, 0, 0];
/** The same in a series of Thanos. */
export const EMPTY_STORE_CHUNK: readonly number[] = [0x12, 6, 0x1a, 4, 0x12, 2, 0, 0];

/** So many bytes of series, each with a label of its own and a chunk. */
export function tinySeries(bytes: number, chunk: readonly number[], salt: number = 0): Buffer {
  return filled(bytes, (i) =>
    delimited(1, Buffer.concat([labelOf('a', (i * 64 + salt).toString(36)), Buffer.from(chunk)])),
  );
}

/** So many bytes of the labels of one series, each with a name of its own. */
export function manyLabels(bytes: number): Buffer {
  return filled(bytes, (i) => labelOf(i.toString(36).padStart(6, 'a'), 'b'));
}

/** So many bytes of the samples of one series, of remote read without chunks. */
export function manySamples(bytes: number): Buffer {
  return filled(bytes, (i) => delimited(2, Buffer.concat([Buffer.from([0x10]), varint(i + 1)])));
}

function labelOf(name: string, value: string): Buffer {
  return delimited(1, Buffer.concat([delimited(1, Buffer.from(name)), delimited(2, Buffer.from(value))]));
}

/** Items one after the other until they have so many bytes. */
function filled(bytes: number, item: (index: number) => Buffer): Buffer {
  const whole = Buffer.alloc(bytes + 64);
  let at = 0;
  for (let i = 0; at < bytes; i++) at += item(i).copy(whole, at);
  return whole.subarray(0, at);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
