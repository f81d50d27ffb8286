import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import { QueryError } from '../model/errors.ts';

/** How long frames are made at a stretch before others get their turn, ms. */
const SLICE_MS = 10;

/**
 * Writes frames as fast as the client takes them: the next one is only made once there is room for it. Rejects with
 * what making a frame throws, or with `canceled`; the frames are told to stop in every case.
 */
export async function sendFrames(
  target: Writable,
  frames: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  let resumed = performance.now();
  for await (const frame of frames) {
    throwIfAborted(signal);
    if (!target.write(frame)) {
      await roomIn(target, signal);
      resumed = performance.now();
    } else if (performance.now() - resumed >= SLICE_MS) {
      await nextTurn();
      resumed = performance.now();
    }
  }
}

async function roomIn(target: Writable, signal: AbortSignal): Promise<void> {
  try {
    await once(target, 'drain', { signal });
  } catch (thrown) {
    throwIfAborted(signal);
    throw thrown;
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new QueryError('canceled', 'the client has left or its deadline is over', { cause: signal.reason });
}
