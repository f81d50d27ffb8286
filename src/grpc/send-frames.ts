import type { Writable } from 'node:stream';
import { QueryError } from '../model/errors.ts';
import { type Paced, turnFor } from '../model/pacer.ts';
import { isTurnUsedUp } from '../model/turns.ts';

/** The library's streams hold 16 frames, whatever their size. Larger ones than this, bytes, are held one at a time. */
const LARGE_FRAME = 64 * 1024;

/**
 * Writes frames as fast as the client takes them: the next one is made only once there is room for it. Rejects with what
 * making a frame throws, or with `canceled`. The source of the frames is closed in every case.
 */
export async function sendFrames(
  target: Writable,
  frames: AsyncIterable<Uint8Array>,
  scope: Paced,
): Promise<void> {
  const { signal } = scope;
  const room = new Room(target, signal);
  try {
    for await (const frame of frames) {
      throwIfAborted(signal);
      if (!room.write(frame)) {
        await room.made();
        throwIfAborted(signal);
      }
      if (isTurnUsedUp()) {
        await turnFor(scope);
        throwIfAborted(signal);
      }
    }
  } finally {
    room.close();
  }
}

/**
 * Tells when a stream has room again, or when its client is gone. It listens once for a whole call. The library's streams
 * are full after 16 frames, so with small frames, listeners that come and go would cost as much as writing.
 */
class Room {
  readonly #target: Writable;
  readonly #signal: AbortSignal;
  #waiting: PromiseWithResolvers<void> | undefined;
  readonly #wake = (): void => this.#waiting?.resolve();
  readonly #fail = (error: Error): void => this.#waiting?.reject(error);

  constructor(target: Writable, signal: AbortSignal) {
    this.#target = target.on('drain', this.#wake).on('error', this.#fail);
    this.#signal = signal;
    signal.addEventListener('abort', this.#wake);
  }

  /** False where the next frame has to wait. */
  write(frame: Uint8Array): boolean {
    if (frame.length < LARGE_FRAME) return this.#target.write(frame);
    this.#target.write(frame, this.#wake);
    return false;
  }

  async made(): Promise<void> {
    if (this.#signal.aborted) return;
    this.#waiting = Promise.withResolvers();
    await this.#waiting.promise;
    this.#waiting = undefined;
  }

  close(): void {
    this.#target.off('drain', this.#wake).off('error', this.#fail);
    this.#signal.removeEventListener('abort', this.#wake);
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new QueryError('canceled', 'the client has left or its deadline is over', { cause: signal.reason });
}
