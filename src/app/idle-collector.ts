import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MemoryCeiling } from '../model/memory-ceiling.ts';
import type { Timers } from '../model/timers.ts';

/** How V8 looks for garbage: as it always does, or as if there were no other memory left, so that free pages go back too. */
export type Thoroughness = 'regular' | 'last-resort';

/** Requests that hold more, bytes, leave enough behind to be worth looking for it. */
const LARGE = 64 * 1024 ** 2;
const LOOK_EVERY_MS = 2000;
/** Looks in a row at which no request holds anything, until garbage is collected, and until free pages go back as well. */
const UNTIL_COLLECTED = 2;
const UNTIL_GIVEN_BACK = 3;

/**
 * Gives the memory of large requests back to the system once nothing is asked any more. V8 alone would keep it until it needs the
 * room, which may be never: so a process would look as large as its largest query for good.
 */
export class IdleCollector {
  readonly #ceiling: Pick<MemoryCeiling, 'takePeak'>;
  readonly #timers: Timers;
  readonly #collect: (thoroughness: Thoroughness) => void;
  #isDue = false;
  #idle = 0;
  #stop: () => void = () => undefined;

  constructor(
    ceiling: Pick<MemoryCeiling, 'takePeak'>,
    timers: Timers,
    collect: (thoroughness: Thoroughness) => void = collectGarbage,
  ) {
    this.#ceiling = ceiling;
    this.#timers = timers;
    this.#collect = collect;
    this.#wait();
  }

  stop(): void {
    this.#stop();
  }

  #wait(): void {
    this.#stop = this.#timers.after(LOOK_EVERY_MS, () => {
      this.#look();
      this.#wait();
    });
  }

  #look(): void {
    const peak = this.#ceiling.takePeak();
    this.#isDue ||= peak >= LARGE;
    this.#idle = peak === 0 ? this.#idle + 1 : 0;
    if (!this.#isDue) return;
    // Most of the garbage goes without a long stop. What is left then is small, and so is the time that the rest takes.
    if (this.#idle === UNTIL_COLLECTED) this.#collect('regular');
    if (this.#idle < UNTIL_GIVEN_BACK) return;
    this.#isDue = false;
    this.#collect('last-resort');
  }
}

type Collect = (options: { type: 'major'; execution: 'async'; flavor: Thoroughness }) => unknown;
let collect: Collect | undefined;

/** Node has no other way to ask for it at runtime. */
function collectGarbage(flavor: Thoroughness): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  collect({ type: 'major', execution: 'async', flavor });
}
