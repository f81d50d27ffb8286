import { USUAL_INTERVAL_MS } from '../../dedup/margin.ts';
import { intervalOf, isEnded, outcomeOf, RunMark, type Piece } from './piece.ts';

/** How much longer than that of its neighbours the spacing of two scrapes may be and still be their interval. */
const MOST_SPACING = 1.5;
const LEAST_SPACING = 0.75;
/** From so many scrapes on, an interval is one: in a row, they do not miss every second one by chance. */
const LONG_RUN = 6;
/** Of a target that has more runs nothing is said: it would hold up all others. */
const MOST_RUNS = 10_000;

/**
 * The runs of one target at one endpoint over several pieces, ascending; one serves many targets in turn. Times in ms since
 * the epoch. Every run has an interval: where it does not tell itself, its neighbours do.
 */
export class TargetRuns {
  length = 0;
  firsts: Float64Array = new Float64Array(16);
  lasts: Float64Array = new Float64Array(16);
  intervals: Float64Array = new Float64Array(16);
  /** Whether the scrapes succeeded. */
  scraped: Uint8Array = new Uint8Array(16);
  /** Whether the target was taken away behind the run. */
  ended: Uint8Array = new Uint8Array(16);
  /** By run, where it is short: the interval of the long runs beside it; 0 where there are none. */
  #hints = new Float64Array(16);
  /** Whether there are times of which nothing is known. */
  isUnknown = false;

  clear(): void {
    this.length = 0;
    this.isUnknown = false;
  }

  /** Adds the runs of a piece, whose target is at this position. */
  addPiece({ start, ends, firsts, lasts, facts }: Piece, position: number): void {
    const from = position === 0 ? 0 : ends[position - 1]!;
    if (this.length + ends[position]! - from > MOST_RUNS) {
      this.isUnknown = true;
      return;
    }
    for (let run = from; run < ends[position]!; run++) {
      const fact = facts[run]!;
      const outcome = outcomeOf(fact);
      if (outcome === RunMark.taken) {
        if (this.length > 0) this.ended[this.length - 1] = 1;
        continue;
      }
      if (outcome === RunMark.unknown) this.isUnknown = true;
      const scraped = outcome === RunMark.scraped ? 1 : 0;
      const ended = isEnded(fact) ? 1 : 0;
      const [first, last, interval] = [start + firsts[run]!, start + lasts[run]!, intervalOf(fact)];
      if (run === from && this.#goesOn(first, interval, scraped)) {
        this.lasts[this.length - 1] = last;
        this.ended[this.length - 1] = ended;
      } else this.#add(first, last, interval, scraped, ended);
    }
  }

  /**
   * Gives each run an interval, and takes short runs apart of which the long ones beside them know better. To be called when all
   * pieces were added.
   */
  seal(): void {
    if (this.length === 1 && this.intervals[0]! > 0) return;
    if (this.#hints.length < this.length) this.#hints = new Float64Array(this.firsts.length);
    let known = 0;
    for (let i = 0; i < this.length; i++) known = this.#hint(i, known, 0);
    known = 0;
    let isSparse = false;
    for (let i = this.length - 1; i >= 0; i--) {
      known = this.#hint(i, known, this.#hints[i]!);
      this.intervals[i] ||= this.#hints[i]!;
      isSparse ||= this.#isSparse(i);
    }
    known = 0;
    for (let i = 0; i < this.length; i++) known = this.#settle(i, known);
    known = 0;
    for (let i = this.length - 1; i >= 0; i--) known = this.#settle(i, known);
    for (let i = 0; i < this.length; i++) this.intervals[i] ||= USUAL_INTERVAL_MS;
    if (isSparse) this.#takeApart();
  }

  /** The most scrapes that succeeded in a row within [from, to] (ms), and all of them, about and rather too many. */
  countWithin(from: number, to: number, counts: ScrapeCounts): void {
    counts.inRow = counts.all = 0;
    for (let i = this.firstEndingAt(from); i < this.length && this.firsts[i]! <= to; i++) {
      if (this.scraped[i] === 0) continue;
      const length = Math.min(to, this.lasts[i]!) - Math.max(from, this.firsts[i]!);
      const count = Math.floor(length / this.intervals[i]!) + 1;
      counts.all += count;
      if (count > counts.inRow) counts.inRow = count;
    }
  }

  /** The first run that does not end before a time. */
  firstEndingAt(time: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.lasts[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether the first run of a piece is the last one of the piece before. */
  #goesOn(first: number, interval: number, scraped: number): boolean {
    const i = this.length - 1;
    if (i < 0 || this.scraped[i] !== scraped || this.ended[i] === 1) return false;
    const own = this.intervals[i]!;
    return own > 0 && isNear(interval, own) && isNear(first - this.lasts[i]!, own);
  }

  /** Notes the interval of the nearest long run, or that of the one on the other side where it is shorter. */
  #hint(i: number, known: number, other: number): number {
    const interval = this.intervals[i]!;
    const isLong = interval > 0 && this.lasts[i]! - this.firsts[i]! > (LONG_RUN - 1.5) * interval;
    this.#hints[i] = isLong ? 0 : known === 0 || other === 0 ? known + other : Math.min(known, other);
    return isLong ? interval : known;
  }

  /** Whether a run is one of scrapes that miss others between them. */
  #isSparse(i: number): boolean {
    return this.#hints[i]! > 0 && this.intervals[i]! > MOST_SPACING * this.#hints[i]!;
  }

  /** An interval that is known already is passed on; where it is not, that of the neighbour is taken. */
  #settle(i: number, known: number): number {
    const own = this.intervals[i]!;
    if (own === 0) this.intervals[i] = known;
    return own === 0 ? known : own;
  }

  /** Makes single scrapes of sparse runs. */
  #takeApart(): void {
    const length = this.length;
    const [firsts, lasts] = [this.firsts.slice(0, length), this.lasts.slice(0, length)];
    const intervals = this.intervals.slice(0, length);
    const [scraped, ended] = [this.scraped.slice(0, length), this.ended.slice(0, length)];
    const hints = Float64Array.from(intervals, (_, i) => (this.#isSparse(i) ? this.#hints[i]! : 0));
    this.length = 0;
    for (let i = 0; i < length; i++) {
      const [first, last] = [firsts[i]!, lasts[i]!];
      const parts = hints[i] === 0 ? 0 : Math.round((last - first) / intervals[i]!);
      if (parts === 0) this.#add(first, last, intervals[i]!, scraped[i]!, ended[i]!);
      else
        for (let part = 0; part <= parts; part++) {
          const t = first + (part * (last - first)) / parts;
          this.#add(t, t, hints[i]!, scraped[i]!, part === parts ? ended[i]! : 0);
        }
    }
  }

  #add(first: number, last: number, interval: number, scraped: number, ended: number): void {
    if (this.length === this.firsts.length) this.#grow();
    const i = this.length++;
    this.firsts[i] = first;
    this.lasts[i] = last;
    this.intervals[i] = interval;
    this.scraped[i] = scraped;
    this.ended[i] = ended;
  }

  #grow(): void {
    const capacity = 2 * this.firsts.length;
    this.firsts = copied(new Float64Array(capacity), this.firsts);
    this.lasts = copied(new Float64Array(capacity), this.lasts);
    this.intervals = copied(new Float64Array(capacity), this.intervals);
    this.scraped = copied(new Uint8Array(capacity), this.scraped);
    this.ended = copied(new Uint8Array(capacity), this.ended);
  }
}

export interface ScrapeCounts {
  inRow: number;
  all: number;
}

function isNear(spacing: number, interval: number): boolean {
  return spacing > LEAST_SPACING * interval && spacing < MOST_SPACING * interval;
}

function copied<A extends Float64Array | Uint8Array>(larger: A, from: A): A {
  larger.set(from);
  return larger;
}
