/** How long work may hold the event loop at a stretch, ms: all that is paced in one turn together, whomever it is for. */
const SLICE_MS = 10;

/** Work that waits for its turn, the longest waiting first. */
const waiting: (() => void)[] = [];

/** When the paced work of this turn began; undefined as long as there was none. */
let began: number | undefined;
let isNextAwaited = false;

/**
 * So many turns in a row may go to connections that arrive. Each turn takes one off the queue of the system, and no more: between
 * slices of 10 ms that is a hundred a second, and where more arrive, the system drops them and they try again after seconds.
 */
const MOST_FOR_ARRIVALS = 32;

let arrivals = 0;
let arrivalsSeen = 0;
let forArrivals = 0;

/** To be called where a connection was accepted: others may wait behind it. */
export function connectionArrived(): void {
  arrivals++;
}

/**
 * Waits for the next turn of the event loop that is free. Each turn lets one go on, however many wait: whoever has work
 * for a slice of time then keeps others waiting for that slice alone, and all come by in order. Connections that arrive go first.
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
  began = undefined;
  if (waiting.length > 0 && arrivals !== arrivalsSeen && forArrivals < MOST_FOR_ARRIVALS) {
    arrivalsSeen = arrivals;
    forArrivals++;
    awaitNext();
    return;
  }
  forArrivals = 0;
  const resume = waiting.shift();
  if (resume === undefined) return;
  began = performance.now();
  awaitNext();
  resume();
}
