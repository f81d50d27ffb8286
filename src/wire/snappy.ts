import { compressSync, uncompress, uncompressSync } from 'snappy';
import { messageOf } from '../model/errors.ts';
import { MessageFormatError } from './message-format-error.ts';

/** Copying out of the native allocation is an order of magnitude faster than handing it over to the collector. */
const OPTIONS = { copyOutputData: true } as const;

/** A copy of three bytes stands for 64 at most (format_description.txt of google/snappy, 2.2). */
const MOST_EXPANSION = 22;

/** So few bytes are sent as they are: to compress them takes longer than to send them. */
const MOST_LITERAL_BYTES = 256;

/** Compresses into the snappy block format, the body encoding of remote read requests and sampled responses. */
export function compressSnappy(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  return length > 0 && length <= MOST_LITERAL_BYTES ? literal(bytes) : compressSync(asBuffer(bytes), OPTIONS);
}

/**
 * A part of a block, without the length that a block starts with. Parts one behind the other are the block of what they were made of:
 * copies look back by distances.
 */
export function snappyElements(bytes: Uint8Array): Buffer {
  const block = compressSnappy(bytes);
  let head = 0;
  while (block[head]! >= 128) head++;
  return block.subarray(head + 1);
}

/** What a block of so many uncompressed bytes starts with. */
export function lengthHead(length: number): Uint8Array {
  const head: number[] = [];
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) head.push((rest % 128) | 0x80);
  return Uint8Array.from([...head, rest]);
}

/** A block of one literal: the length as a varint, the tag of the literal, and its bytes (format_description.txt, 2.1). */
function literal(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  const head = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  if (length <= 60) head.push((length - 1) << 2);
  else head.push(60 << 2, length - 1);
  const block = Buffer.allocUnsafe(head.length + length);
  block.set(head);
  block.set(bytes, head.length);
  return block;
}

/**
 * Inflates a snappy block. Throws {@link MessageFormatError} where the block is damaged or declares more than
 * `maxBytes`; the declared length is checked first, so that a few bytes cannot claim the whole memory.
 */
export function uncompressSnappy(bytes: Uint8Array, maxBytes: number): Buffer {
  checkDeclared(bytes, maxBytes);
  try {
    return uncompressSync(asBuffer(bytes), OPTIONS) as Buffer;
  } catch (error) {
    throw damaged(bytes, error);
  }
}

/** The same on the thread pool, for blocks that may be large. Rejects with what {@link uncompressSnappy} throws. */
export async function inflateSnappy(bytes: Uint8Array, maxBytes: number): Promise<Buffer> {
  checkDeclared(bytes, maxBytes);
  try {
    return (await uncompress(asBuffer(bytes), OPTIONS)) as Buffer;
  } catch (error) {
    throw damaged(bytes, error);
  }
}

function checkDeclared(bytes: Uint8Array, maxBytes: number): void {
  const declared = declaredLength(bytes);
  if (declared > maxBytes)
    throw new MessageFormatError(
      `a snappy block of ${bytes.length} bytes declares ${declared} bytes, more than the limit of ${maxBytes}`,
    );
  if (declared > bytes.length * MOST_EXPANSION)
    throw new MessageFormatError(
      `a snappy block of ${bytes.length} bytes is damaged: it declares ${declared} bytes, more than can be in it`,
    );
}

function damaged(bytes: Uint8Array, error: unknown): MessageFormatError {
  return new MessageFormatError(`a snappy block of ${bytes.length} bytes is damaged: ${messageOf(error)}`, {
    cause: error,
  });
}

/**
 * How large a block says that it becomes, bytes: it starts with that as a little-endian varint of at most 32 bits. Throws
 * {@link MessageFormatError} where it does not say so.
 */
export function declaredLength(bytes: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw new MessageFormatError(`a body of ${bytes.length} bytes is not a snappy block: it has no length`);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
