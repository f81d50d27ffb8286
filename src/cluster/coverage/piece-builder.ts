import type { SampleColumns } from '../../model/sample-columns.ts';
import { isStale } from '../../model/stale.ts';
import { withRoom } from '../../wire/batch/growing.ts';
import { constantTimes, type ConstantSamples } from '../../wire/chunk/constant-xor.ts';
import { PIECE_MS, RunMark, runFacts, type Piece } from './piece.ts';

/** From this part of the interval on, up to that one, a spacing goes on with a run. Prometheus' own times are off by less. */
const LEAST_SPACING = 0.75;
const MOST_SPACING = 1.5;
/** So many runs that ended are kept of a piece; of healthy targets there are none. What is behind that is not known. */
export const MOST_ENDED_RUNS = 250_000;
/** The mark of a target that has no open run. */
const NONE = -1;

/**
 * Makes a piece out of samples of `up`, target by target and refresh by refresh. What becomes of the samples does not depend on
 * how many come at once. Those that are not newer than the last one of their target are skipped, so what comes twice counts once.
 */
export class PieceBuilder {
  readonly start: number;
  readonly #mostEndedRuns: number;
  #length = 0;
  /** By target: the slot + 1. */
  #slots = new Int32Array(0);
  /** By slot: the time of the newest sample and the open run, ms after the start. */
  #newest = new Int32Array(0);
  #firsts = new Int32Array(0);
  #lasts = new Int32Array(0);
  #intervals = new Int32Array(0);
  #counts = new Int32Array(0);
  #marks = new Int32Array(0);
  /** Runs that ended, in the order in which they did. */
  #ended = 0;
  #endedSlots = new Int32Array(0);
  #endedFirsts = new Int32Array(0);
  #endedLasts = new Int32Array(0);
  #endedFacts = new Int32Array(0);

  /** @param start of the piece, ms since the epoch. */
  constructor(start: number, mostEndedRuns: number = MOST_ENDED_RUNS) {
    this.start = start;
    this.#mostEndedRuns = mostEndedRuns;
  }

  /** The time of the newest sample, ms since the epoch; -Infinity where there is none. */
  get newest(): number {
    let newest = -1;
    for (let slot = 0; slot < this.#length; slot++) newest = Math.max(newest, this.#newest[slot]!);
    return newest < 0 ? -Infinity : this.start + newest;
  }

  /** End of the piece, exclusive; ms since the epoch. */
  get end(): number {
    return this.start + PIECE_MS;
  }

  /** Adds those samples of a target that lie in the piece. */
  add(target: number, { t, v, length }: SampleColumns): void {
    let i = this.#firstNew(target, t, length);
    const to = firstFrom(t, i, length, this.end);
    if (i === to) return;
    const slot = this.#slotOf(target);
    while (i < to) {
      const value = v[i]!;
      let end = i + 1;
      while (end < to && v[end] === value) end++;
      this.#addEqual(slot, t, i, end, value);
      i = end;
    }
  }

  /** The same for samples that all have one value. Where they go on with a run, the time does not grow with their number. */
  addConstant(target: number, samples: ConstantSamples): void {
    const { value, count, first, last, leastSpacing, mostSpacing } = samples;
    if (first >= this.end || last < this.start) return;
    if (count > 1 && leastSpacing === mostSpacing) return this.#addSteady(target, samples);
    if (first >= this.start && last < this.end && this.#addGoingOn(this.#slotOf(target), samples)) return;
    const t = constantTimes(samples);
    const from = this.#firstNew(target, t, count);
    const to = firstFrom(t, from, count, this.end);
    if (from < to) this.#addEqual(this.#slotOf(target), t, from, to, value);
  }

  /**
   * Adds samples that all lie in the piece, are new, and come at distances that its run goes on with. False where they are others: no more
   * than the first ones was added then.
   */
  #addGoingOn(slot: number, samples: ConstantSamples): boolean {
    const { first, last, firstSpacing, leastSpacing, mostSpacing, count, value } = samples;
    const offset = first - this.start;
    if (offset <= this.#newest[slot]!) return false;
    this.#push(slot, offset, value);
    let added = 1;
    if (!this.#isGoing(slot) && count > 1) {
      this.#push(slot, offset + firstSpacing, value);
      added = 2;
    }
    if (!this.#isGoing(slot) || !this.#goesOn(slot, leastSpacing) || !this.#goesOn(slot, mostSpacing))
      return false;
    this.#counts[slot]! += count - added;
    this.#lasts[slot] = this.#newest[slot] = last - this.start;
    return true;
  }

  #addSteady(target: number, { first, firstSpacing: spacing, count, value }: ConstantSamples): void {
    const offset = first - this.start;
    const slot = this.#slotOf(target);
    const from = this.#newest[slot]! + 1;
    const to = Math.min(count, Math.ceil((PIECE_MS - offset) / spacing));
    for (let i = offset >= from ? 0 : Math.ceil((from - offset) / spacing); i < to; i++) {
      this.#push(slot, offset + i * spacing, value);
      if (!this.#isGoing(slot) || !this.#goesOn(slot, spacing)) continue;
      this.#counts[slot]! += to - 1 - i;
      this.#lasts[slot] = this.#newest[slot] = offset + (to - 1) * spacing;
      return;
    }
  }

  /** What came so far; the builder goes on. */
  build(): Piece {
    const runs = this.#ended + this.#openRuns();
    const targets = new Int32Array(this.#length);
    const ends = new Uint32Array(this.#length);
    const firsts = new Int32Array(runs);
    const lasts = new Int32Array(runs);
    const facts = new Int32Array(runs);
    const counts = new Int32Array(this.#length);
    for (let i = 0; i < this.#ended; i++) counts[this.#endedSlots[i]!]!++;
    /** By slot: where its next run goes. */
    const places = new Int32Array(this.#length);
    let position = 0;
    let used = 0;
    for (let target = 0; target < this.#slots.length; target++) {
      const slot = this.#slots[target]! - 1;
      if (slot < 0) continue;
      places[slot] = used;
      used += counts[slot]!;
      if (this.#marks[slot] !== NONE) {
        firsts[used] = this.#firsts[slot]!;
        lasts[used] = this.#lasts[slot]!;
        facts[used++] = runFacts(this.#intervals[slot]!, this.#marks[slot]!);
      }
      targets[position] = target;
      ends[position++] = used;
    }
    for (let i = 0; i < this.#ended; i++) {
      const place = places[this.#endedSlots[i]!]!++;
      firsts[place] = this.#endedFirsts[i]!;
      lasts[place] = this.#endedLasts[i]!;
      facts[place] = this.#endedFacts[i]!;
    }
    return { start: this.start, targets, ends, firsts, lasts, facts };
  }

  #openRuns(): number {
    let open = 0;
    for (let slot = 0; slot < this.#length; slot++) if (this.#marks[slot] !== NONE) open++;
    return open;
  }

  #slotOf(target: number): number {
    if (target >= this.#slots.length) this.#slots = withRoom(this.#slots, target + 1);
    const known = this.#slots[target]!;
    if (known > 0) return known - 1;
    const slot = this.#length++;
    this.#slots[target] = slot + 1;
    if (slot >= this.#newest.length) this.#growSlots(slot + 1);
    this.#newest[slot] = -1;
    this.#marks[slot] = NONE;
    return slot;
  }

  /** The first of the samples that is newer than what there is of a target. */
  #firstNew(target: number, t: Float64Array, length: number): number {
    const slot = (this.#slots[target] ?? 0) - 1;
    return firstFrom(t, 0, length, this.start + (slot < 0 ? 0 : this.#newest[slot]! + 1));
  }

  /** Adds the samples [from, to), which have one value. Where a run goes on, nothing is looked up for each of them. */
  #addEqual(slot: number, t: Float64Array, from: number, to: number, value: number): void {
    const { start } = this;
    for (let i = from; i < to;) {
      this.#push(slot, t[i++]! - start, value);
      if (!this.#isGoing(slot)) continue;
      const interval = this.#intervals[slot]!;
      const [least, most] = [LEAST_SPACING * interval, MOST_SPACING * interval];
      const begin = i;
      let last = t[i - 1]!;
      for (; i < to; i++) {
        const spacing = t[i]! - last;
        if (spacing < least || spacing > most) break;
        last = t[i]!;
      }
      this.#counts[slot]! += i - begin;
      this.#lasts[slot] = this.#newest[slot] = last - start;
    }
  }

  /** Adds a sample of a target; `at` in ms after the start. */
  #push(slot: number, at: number, value: number): void {
    const newest = this.#newest[slot]!;
    if (at <= newest) return;
    this.#newest[slot] = at;
    const mark = this.#marks[slot]!;
    if (mark === RunMark.unknown) {
      this.#lasts[slot] = at;
      return;
    }
    if (isStale(value)) {
      if (mark !== NONE) return this.#end(slot, RunMark.ended);
      if (newest >= 0) return;
      // The run that it ends is in the piece before.
      this.#open(slot, at, RunMark.taken, 0);
      return this.#end(slot, 0);
    }
    const outcome = value === 1 ? RunMark.scraped : RunMark.failed;
    if (mark === NONE) return this.#open(slot, at, outcome, 0);
    const spacing = at - newest;
    const goesOn = this.#goesOn(slot, spacing);
    if (mark === outcome && goesOn) {
      this.#lasts[slot] = at;
      this.#intervals[slot] ||= spacing;
      this.#counts[slot]!++;
      return;
    }
    const isCloser = mark === outcome && spacing < this.#intervals[slot]!;
    if (isCloser && this.#counts[slot] === 1) {
      // What led to the first scrape was a hole.
      this.#lasts[slot] = at;
      this.#intervals[slot] = spacing;
      this.#counts[slot] = 2;
      return;
    }
    if (isCloser && this.#counts[slot] === 2) {
      // The first spacing was the hole, and this is the interval.
      const last = this.#lasts[slot]!;
      this.#lasts[slot] = this.#firsts[slot]!;
      this.#intervals[slot] = 0;
      this.#end(slot, 0);
      if (this.#marks[slot] === NONE) this.#open(slot, last, outcome, spacing);
      this.#lasts[slot] = at;
      this.#counts[slot] = 2;
      return;
    }
    // A change of the outcome is no change of the interval.
    const known = this.#intervals[slot]!;
    this.#end(slot, 0);
    if (this.#marks[slot] === NONE) this.#open(slot, at, outcome, goesOn ? known || spacing : 0);
    else this.#lasts[slot] = at;
  }

  /** Whether the open run has an interval that the next sample can go on with. */
  #isGoing(slot: number): boolean {
    const mark = this.#marks[slot]!;
    return this.#counts[slot]! > 1 && (mark === RunMark.scraped || mark === RunMark.failed);
  }

  /** Whether a spacing is that of the open run; the first one always is. */
  #goesOn(slot: number, spacing: number): boolean {
    const interval = this.#intervals[slot]!;
    return interval === 0 || (spacing >= LEAST_SPACING * interval && spacing <= MOST_SPACING * interval);
  }

  #open(slot: number, at: number, mark: number, interval: number): void {
    this.#firsts[slot] = this.#lasts[slot] = at;
    this.#intervals[slot] = interval;
    this.#counts[slot] = 1;
    this.#marks[slot] = mark;
  }

  /** Ends the open run; where there are too many, it goes on as one of which nothing is known. */
  #end(slot: number, more: number): void {
    if (this.#ended >= this.#mostEndedRuns) {
      this.#marks[slot] = RunMark.unknown;
      this.#intervals[slot] = 0;
      return;
    }
    const run = this.#ended++;
    if (run >= this.#endedSlots.length) this.#growEnded(run + 1);
    this.#endedSlots[run] = slot;
    this.#endedFirsts[run] = this.#firsts[slot]!;
    this.#endedLasts[run] = this.#lasts[slot]!;
    this.#endedFacts[run] = runFacts(this.#intervals[slot]!, this.#marks[slot]! | more);
    this.#marks[slot] = NONE;
  }

  #growSlots(length: number): void {
    this.#newest = withRoom(this.#newest, length);
    this.#firsts = withRoom(this.#firsts, length);
    this.#lasts = withRoom(this.#lasts, length);
    this.#intervals = withRoom(this.#intervals, length);
    this.#counts = withRoom(this.#counts, length);
    this.#marks = withRoom(this.#marks, length);
  }

  #growEnded(length: number): void {
    this.#endedSlots = withRoom(this.#endedSlots, length);
    this.#endedFirsts = withRoom(this.#endedFirsts, length);
    this.#endedLasts = withRoom(this.#endedLasts, length);
    this.#endedFacts = withRoom(this.#endedFacts, length);
  }
}

/** The first of the times [from, to) that is `time` or later; most often that is the first one of all. */
function firstFrom(t: Float64Array, from: number, to: number, time: number): number {
  if (from === to || t[from]! >= time) return from;
  if (t[to - 1]! < time) return to;
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (t[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
