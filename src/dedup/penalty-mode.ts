import { appendRange, SampleBuffer } from '../model/sample-columns.ts';
import type { SampleColumns } from '../model/sample-columns.ts';

/** Penalty in ms while no spacing is known yet; Thanos' constant. */
const INITIAL_PENALTY = 5000;

/** What a cursor stands on; numbers, so that a step allocates nothing. */
const Kind = { none: 0, float: 1, histogram: 2 } as const;
type Kind = (typeof Kind)[keyof typeof Kind];

/** Walks over samples in the manner of Prometheus' chunk iterators: a seek never goes back. */
interface Cursor {
  next(): Kind;
  /** Goes to the first sample at or after `t` (ms). */
  seek(t: number): Kind;
  time(): number;
  value(): number;
  /** A counter that is below `last` here is raised to it from now on. */
  adjust(last: number): void;
  copyTo(target: SampleBuffer): void;
}

/**
 * Mode `penalty`: the pairwise iterator of Thanos (pkg/dedup/iter.go, v0.42), sample for sample, for people who compare
 * the two. Of two replicas the earlier next sample wins, and the loser is asked again only after twice the last
 * spacing. Gaps grow (thanos#981), the answer depends on where the data starts (#2890), and the caller must know
 * whether the reader takes the series for a counter (rate, irate, increase, resets): then the resets of each replica are
 * evened out first, and a replica that is changed to and shows less has the difference added to all of its samples
 * from there on.
 *
 * `columns` in the order of preference; more than two are nested from the left. Stale markers are samples like others, but of
 * a counter, where evening out takes them away.
 */
export function penaltyMode(columns: readonly SampleColumns[], counter: boolean, target: SampleBuffer): void {
  const leaves = columns.map(
    (column): Cursor => new ColumnCursor(counter ? evenOut(column) : column, counter),
  );
  const merged = leaves.reduce((left, right) => new PairCursor(left, right));
  while (merged.next() !== Kind.none) merged.copyTo(target);
}

/**
 * A counter as Thanos hands it to functions that take a fall for a reset (ApplyCounterResetsSeriesIterator in
 * pkg/compact/downsample, v0.42): each sample is the sum of all increases so far, so it never falls, and NaN and stale
 * markers are gone. `resets` sees none any more (thanos#3644). Native histograms stay as they are.
 */
function evenOut(columns: SampleColumns): SampleColumns {
  const evened = new SampleBuffer(columns.length);
  let total = Number.NaN;
  let last = 0;
  for (let i = 0; i < columns.length; i++) {
    const histogram = columns.h?.at(i);
    if (histogram !== undefined) {
      evened.pushHistogram(columns.t[i]!, histogram);
      continue;
    }
    const value = columns.v[i]!;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(total)) total = value;
    else total += value >= last ? value - last : value;
    last = value;
    evened.push(columns.t[i]!, total);
  }
  return evened;
}

class ColumnCursor implements Cursor {
  readonly #columns: SampleColumns;
  readonly #counter: boolean;
  #at = -1;
  #raised = 0;

  constructor(columns: SampleColumns, counter: boolean) {
    this.#columns = columns;
    this.#counter = counter;
  }

  next(): Kind {
    this.#at++;
    return this.#kind();
  }

  seek(t: number): Kind {
    if (this.#at < 0) this.#at = 0;
    while (this.#at < this.#columns.length && this.#columns.t[this.#at]! < t) this.#at++;
    return this.#kind();
  }

  time(): number {
    return this.#columns.t[this.#at]!;
  }

  value(): number {
    return this.#columns.v[this.#at]! + this.#raised;
  }

  adjust(last: number): void {
    if (this.#counter && last > this.value()) this.#raised += last - this.value();
  }

  copyTo(target: SampleBuffer): void {
    appendRange(target, this.#columns, this.#at, this.#at + 1);
    if (this.#raised !== 0 && this.#kind() === Kind.float) target.v[target.length - 1] = this.value();
  }

  #kind(): Kind {
    if (this.#at >= this.#columns.length) return Kind.none;
    return this.#columns.h?.has(this.#at) === true ? Kind.histogram : Kind.float;
  }
}

class PairCursor implements Cursor {
  readonly #a: Cursor;
  readonly #b: Cursor;
  #kindA: Kind;
  #kindB: Kind;
  #penaltyA = 0;
  #penaltyB = 0;
  #useA = true;
  #last: Cursor;
  #lastTime: number = Number.NEGATIVE_INFINITY;

  constructor(a: Cursor, b: Cursor) {
    this.#a = a;
    this.#b = b;
    this.#last = a;
    this.#kindA = a.next();
    this.#kindB = b.next();
  }

  next(): Kind {
    const usedA = this.#useA;
    const wasFloat = (usedA ? this.#kindA : this.#kindB) === Kind.float;
    const value = wasFloat ? this.#last.value() : 0;
    const kind = this.#choose();
    if (usedA !== this.#useA && wasFloat) this.adjust(value);
    return kind;
  }

  #choose(): Kind {
    if (this.#kindA !== Kind.none) this.#kindA = this.#a.seek(this.#lastTime + 1 + this.#penaltyA);
    if (this.#kindB !== Kind.none) this.#kindB = this.#b.seek(this.#lastTime + 1 + this.#penaltyB);
    if (this.#kindA === Kind.none && this.#kindB === Kind.none) {
      this.#useA = false;
      return Kind.none;
    }
    this.#useA = this.#kindB === Kind.none || (this.#kindA !== Kind.none && this.#a.time() <= this.#b.time());
    this.#last = this.#useA ? this.#a : this.#b;
    const time = this.#last.time();
    const spacing = time - this.#lastTime;
    const penalty = spacing === Number.POSITIVE_INFINITY ? INITIAL_PENALTY : 2 * spacing;
    const alone = this.#kindA === Kind.none || this.#kindB === Kind.none;
    if (this.#useA) {
      this.#penaltyA = 0;
      if (!alone) this.#penaltyB = penalty;
    } else {
      this.#penaltyB = 0;
      if (!alone) this.#penaltyA = penalty;
    }
    this.#lastTime = time;
    return this.#useA ? this.#kindA : this.#kindB;
  }

  seek(t: number): Kind {
    while (this.time() < t) if (this.next() === Kind.none) return Kind.none;
    return this.#useA ? this.#kindA : this.#kindB;
  }

  time(): number {
    return (this.#useA ? this.#a : this.#b).time();
  }

  value(): number {
    return this.#last.value();
  }

  adjust(last: number): void {
    if (this.#kindA === Kind.float) this.#a.adjust(last);
    if (this.#kindB === Kind.float) this.#b.adjust(last);
  }

  copyTo(target: SampleBuffer): void {
    this.#last.copyTo(target);
  }
}
