import type { HoleKind } from './target-holes.ts';

/** The hole of one target; ms since the epoch, both ends exclusive. */
export interface ListedHole {
  readonly from: number;
  readonly to: number;
  readonly kind: HoleKind;
  /** The scrape interval beside it, ms. */
  readonly interval: number;
}

/** Holes that targets have at the same time for the same reason; ms since the epoch, both ends exclusive. */
export interface Hole {
  /** The begin of the earliest of them, and the end of the latest; they differ by about an interval. */
  readonly from: number;
  readonly to: number;
  readonly kind: HoleKind;
  /** How many targets have it. */
  readonly targets: number;
  /** Numbers of some of them. */
  readonly examples: readonly number[];
  /** Positions of the replicas that have all of it; ascending. */
  readonly heldBy: readonly number[];
}

/** So many are kept. */
export const MOST_HOLES = 200;
const MOST_EXAMPLES = 3;
/** Targets are scraped one after the other within an interval, and a scrape may be late: so much apart, one outage begins for two. */
const APART_INTERVALS = 1.5;

interface Entry {
  /** Of its first target. */
  readonly anchor: ListedHole;
  from: number;
  to: number;
  targets: number;
  newest: number;
  readonly examples: number[];
  readonly heldBy: readonly number[];
}

/**
 * Holes of many targets. Those that begin and end together, for one reason, and that the same replicas have, are one: an outage of a
 * server is one hole, however many targets it has. No other holes become one. The list is bounded: it keeps those that end last, and
 * counts all.
 */
export class HoleList {
  readonly #most: number;
  readonly #entries: Entry[] = [];
  #newest = -1;
  #targets = 0;
  #count = 0;
  #end = -Infinity;

  constructor(most: number = MOST_HOLES) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** How many targets have a hole. */
  get targets(): number {
    return this.#targets;
  }

  /** How many holes targets have, each counted for itself. */
  get count(): number {
    return this.#count;
  }

  /** When the last one ends, ms since the epoch; -Infinity where there is none. */
  get end(): number {
    return this.#end;
  }

  /** Targets come in ascending order. @param heldBy positions of replicas, ascending. */
  add(target: number, hole: ListedHole, heldBy: readonly number[] = []): void {
    if (target !== this.#newest) this.#targets++;
    this.#newest = target;
    this.#count++;
    this.#end = Math.max(this.#end, hole.to);
    const known = this.#entries.find((entry) => isSame(entry, target, hole, heldBy));
    if (known !== undefined) {
      known.from = Math.min(known.from, hole.from);
      known.to = Math.max(known.to, hole.to);
      known.targets++;
      known.newest = target;
      if (known.examples.length < MOST_EXAMPLES) known.examples.push(target);
      return;
    }
    const { from, to } = hole;
    this.#entries.push({ anchor: hole, from, to, targets: 1, newest: target, examples: [target], heldBy });
    if (this.#entries.length > this.#most) this.#dropEarliest();
  }

  /** Ascending; of those that are kept. */
  list(): readonly Hole[] {
    return this.#entries
      .map(({ anchor: { kind }, from, to, targets, examples, heldBy }) => ({
        from,
        to,
        kind,
        targets,
        examples,
        heldBy,
      }))
      .sort((a, b) => a.from - b.from || a.to - b.to);
  }

  #dropEarliest(): void {
    let earliest = 0;
    this.#entries.forEach(({ to }, i) => {
      if (to < this.#entries[earliest]!.to) earliest = i;
    });
    this.#entries.splice(earliest, 1);
  }
}

function isSame(
  { anchor, newest, heldBy }: Entry,
  target: number,
  { from, to, kind, interval }: ListedHole,
  holders: readonly number[],
): boolean {
  const apart = APART_INTERVALS * Math.max(interval, anchor.interval);
  return (
    newest !== target &&
    anchor.kind === kind &&
    Math.abs(from - anchor.from) <= apart &&
    Math.abs(to - anchor.to) <= apart &&
    from < anchor.to &&
    to > anchor.from &&
    holders.length === heldBy.length &&
    holders.every((holder, i) => holder === heldBy[i])
  );
}
