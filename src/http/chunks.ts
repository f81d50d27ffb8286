import { Buffer } from 'node:buffer';
import { CHUNK_BYTES, ChunkMemory } from './chunk-memory.ts';

/** Memory for the first chunk. Most answers are small, and Node takes memory for such from a pool. */
const FIRST_BYTES = 2048;
/** Most UTF-8 bytes that one UTF-16 unit takes. */
const BYTES_PER_UNIT = 3;

/** Text, or its UTF-8, which is copied before the next piece is asked for: its memory may be that of the next one. */
export type Piece = string | Uint8Array;

/** Stands between pieces: the next one is there once it is kept, and nobody may ask for that before. */
export type Pause = Promise<void>;

/**
 * Gathers pieces of text into UTF-8 chunks of about 64 KiB: few writes to the socket, and never the whole body in
 * memory. A piece that is larger than a chunk becomes one of its own. Pauses are passed on.
 * @param memory for all chunks but the first, if that is small.
 */
export function* toChunks<T extends Piece | Pause>(
  pieces: Iterable<T>,
  memory: Pick<ChunkMemory, 'take'> = new ChunkMemory(),
): Generator<Buffer | Extract<T, Pause>> {
  let chunk: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  let used = 0;
  for (const piece of pieces) {
    if (piece instanceof Promise) {
      yield piece as Extract<T, Pause>;
      continue;
    }
    const most = typeof piece === 'string' ? piece.length * BYTES_PER_UNIT : piece.length;
    if (used + most > Math.min(chunk.length, CHUNK_BYTES)) {
      const isFull = used + most > CHUNK_BYTES;
      if (isFull && used > 0) yield chunk.subarray(0, used);
      // The reader may still hold the previous chunk.
      const next = memory.take(Math.max(CHUNK_BYTES, most));
      if (isFull) used = 0;
      else next.set(chunk.subarray(0, used));
      chunk = next;
    }
    if (typeof piece === 'string') {
      used += chunk.write(piece, used, 'utf8');
    } else {
      chunk.set(piece, used);
      used += piece.length;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}
