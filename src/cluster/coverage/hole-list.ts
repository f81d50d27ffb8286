import type { HoleKind } from './target-holes.ts';

/** A time in which targets have holes; ms since the epoch, both ends exclusive. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  /** The gravest of its parts: that the endpoint was away itself comes first. */
  readonly kind: HoleKind;
  /** How many targets have a hole in it; one that has several may count more than once. */
  readonly targets: number;
  /** Numbers of some of them. */
  readonly examples: readonly number[];
  /** Positions of the replicas that have at least a part of it; ascending. */
  readonly heldBy: readonly number[];
}

/** So many disjoint holes are told one by one. */
export const MOST_HOLES = 200;
const MOST_EXAMPLES = 3;
const GRAVITY: readonly HoleKind[] = ['gone', 'failed', 'away'];

interface Entry {
  from: number;
  to: number;
  kind: HoleKind;
  targets: number;
  newest: number;
  readonly examples: number[];
  readonly heldBy: Set<number>;
}

/**
 * Holes of many targets, those at the same time as one. An outage of a server is one hole, however many targets it has. The list
 * is bounded: where there are more, what is apart is told as one.
 */
export class HoleList {
  readonly #most: number;
  /** Ascending and disjoint. */
  #entries: Entry[] = [];
  #newest = -1;
  #targets = 0;

  constructor(most: number = MOST_HOLES) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** How many targets have a hole. */
  get targets(): number {
    return this.#targets;
  }

  /** Targets come in ascending order. */
  add(target: number, from: number, to: number, kind: HoleKind, heldBy: readonly number[] = []): void {
    if (target !== this.#newest) this.#targets++;
    this.#newest = target;
    const added: Entry = {
      from,
      to,
      kind,
      targets: 1,
      newest: target,
      examples: [target],
      heldBy: new Set(heldBy),
    };
    const first = this.#firstBehind(from);
    let end = first;
    while (end < this.#entries.length && this.#entries[end]!.from < to) end++;
    const merged = [...this.#entries.slice(first, end), added].reduce(joined);
    this.#entries.splice(first, end - first, merged);
    if (this.#entries.length > this.#most) this.#joinNearest();
  }

  list(): readonly Hole[] {
    return this.#entries.map(({ from, to, kind, targets, examples, heldBy }) => ({
      from,
      to,
      kind,
      targets,
      examples,
      heldBy: [...heldBy].sort((a, b) => a - b),
    }));
  }

  /** The first entry that ends behind a time. */
  #firstBehind(time: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.to <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #joinNearest(): void {
    const entries = this.#entries;
    let nearest = 0;
    for (let i = 1; i + 1 < entries.length; i++)
      if (distance(entries, i) < distance(entries, nearest)) nearest = i;
    entries.splice(nearest, 2, joined(entries[nearest]!, entries[nearest + 1]!));
  }
}

function distance(entries: readonly Entry[], i: number): number {
  return entries[i + 1]!.from - entries[i]!.to;
}

/** One for both. A target that has holes in both counts once if it is the newest one of both. */
function joined(a: Entry, b: Entry): Entry {
  return {
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    kind: GRAVITY.indexOf(a.kind) > GRAVITY.indexOf(b.kind) ? a.kind : b.kind,
    targets: a.targets + b.targets - (a.newest === b.newest ? 1 : 0),
    newest: Math.max(a.newest, b.newest),
    examples: [...new Set([...a.examples, ...b.examples])].slice(0, MOST_EXAMPLES),
    heldBy: new Set([...a.heldBy, ...b.heldBy]),
  };
}
