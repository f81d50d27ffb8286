import { TurnLine } from './turn-line.ts';

/** How long work may hold the event loop at a stretch, ms: all that is paced in one turn together, whomever it is for. */
const SLICE_MS = 10;

/** Work that waits for its turn. */
const waiting = new TurnLine<() => void>();

/** When the paced work of this turn began; undefined as long as there was none. */
let began: number | undefined;
let isNextAwaited = false;

/**
 * So many turns in a row may go to connections that arrive. Each turn takes one off the queue of the system, and no more: between
 * slices of 10 ms that is a hundred a second, and where more arrive, they wait for seconds, the probes of a balancer among them. To
 * take one costs about 0.15 ms.
 */
const MOST_FOR_ARRIVALS = 128;

/** How long requests that are begun may hold the event loop at a stretch, ms. */
const DOOR_MS = 5;
/** So many are begun in a turn as they come. Each takes about half a millisecond. */
const MOST_AT_ONCE = 8;

/** What was not begun yet, the longest waiting first. */
const atDoor: (() => void)[] = [];
let begunAtOnce = 0;

/** Whether a connection arrived in this turn, and in the one before. */
let hasArrival = false;
let hadArrival = false;
let forArrivals = 0;

/** To be called where a connection was accepted: others may wait behind it. */
export function connectionArrived(): void {
  hasArrival = true;
  awaitNext();
}

/**
 * Begins something that came from outside, such as a request, or ends a call that was given up: at once, or in the order in which such
 * things came where many come in the same turn, or connections arrive. So a crowd does not hold the event loop until all of it was begun,
 * and what is asked for behind it, such as the health, comes by soon. What enters is bounded elsewhere: requests by connections, and ends
 * by the calls that are under way. What was given up meanwhile has to be recognised by `begin`.
 */
export function enter(begin: () => void): void {
  awaitNext();
  if (atDoor.length > 0 || hasArrival || hadArrival || begunAtOnce >= MOST_AT_ONCE) atDoor.push(begin);
  else {
    begunAtOnce++;
    begin();
  }
}

/**
 * Waits for the next turn of the event loop that is free. Each turn lets one go on, however many wait: whoever has work
 * for a slice of time then keeps others waiting for that slice alone. Those for whom work is done take turns, and the work for one of
 * them goes on in its order. So one for whom much is done keeps the next waiting for no more than one for whom little is done.
 * Connections that arrive go first.
 * @param whose for whom: a key that is equal for work of the same one; empty for the gateway itself.
 */
export function nextTurn(whose = ''): Promise<void> {
  return new Promise((resume) => {
    waiting.add(whose, resume);
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
  begunAtOnce = 0;
  hadArrival = hasArrival;
  hasArrival = false;
  if (hadArrival) awaitNext();
  if (waiting.size + atDoor.length > 0 && hadArrival && forArrivals < MOST_FOR_ARRIVALS) {
    forArrivals++;
    return;
  }
  forArrivals = 0;
  if (atDoor.length === 0) goOn();
  else void openDoor();
}

async function openDoor(): Promise<void> {
  const opened = performance.now();
  awaitNext();
  do {
    atDoor.shift()!();
    // What it goes on with at once counts as well.
    await new Promise<void>((done) => process.nextTick(done));
  } while (atDoor.length > 0 && performance.now() - opened < DOOR_MS);
  goOn();
}

function goOn(): void {
  const resume = waiting.take();
  if (resume === undefined) return;
  began = performance.now();
  awaitNext();
  resume();
}
