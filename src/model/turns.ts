/** How long work may hold the event loop at a stretch, ms: all that is paced in one turn together, whomever it is for. */
const SLICE_MS = 10;

/** Work that waits for its turn, the longest waiting first. */
const waiting: (() => void)[] = [];

/** When the paced work of this turn began; undefined as long as there was none. */
let began: number | undefined;
let isNextAwaited = false;

/**
 * Waits for the next turn of the event loop that is free. Each turn lets one go on, however many wait: whoever has work
 * for a slice of time then keeps others waiting for that slice alone, and all come by in order.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resume) => {
    waiting.push(resume);
    awaitNext();
  });
}

/**
 * Whether the slice of this turn is used up, so that whoever asks should wait for the {@link nextTurn}. The slice is one for
 * the whole process: requests that each took a slice of their own would hold the loop together. Cheap enough to ask for every
 * few items.
 */
export function isTurnUsedUp(): boolean {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    awaitNext();
  }
  return now - began >= SLICE_MS;
}

function awaitNext(): void {
  if (isNextAwaited) return;
  isNextAwaited = true;
  setImmediate(begin);
}

function begin(): void {
  isNextAwaited = false;
  const resume = waiting.shift();
  began = undefined;
  if (resume === undefined) return;
  began = performance.now();
  awaitNext();
  resume();
}
