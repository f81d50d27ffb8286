import { LRUCache } from 'lru-cache';
import type { Clock } from '../../model/clock.ts';
import type { Pacer } from '../../model/pacer.ts';
import { copyStretch } from './kept-stretch.ts';
import { cutStretch, type StepNumbers, type Stretch } from './stretch.ts';

/** How much of the results of range queries is kept, and how long. Durations in ms. */
export interface ResultsCacheSettings {
  /** Of all that is kept, about; 0 keeps nothing. */
  readonly bytes: number;
  /** A result is evaluated again when it is as old. */
  readonly lifetime: number;
  /** Results of steps that look at samples this young are not kept: such samples may still change. */
  readonly minFresh: number;
}

/** How a range query came by its results. */
export type ResultsOutcome =
  /** All, a part, or none of them were kept before. */
  | 'hit'
  | 'part'
  | 'miss'
  /** The request wanted none that were kept. */
  | 'around'
  /** They depend on more than the samples and the time of each step, or on samples that are too young. */
  | 'unfit';

/** For metrics. */
export interface ResultsEvent {
  readonly outcome: ResultsOutcome;
  readonly keptSteps: number;
  readonly evaluatedSteps: number;
}

/** Steps of a piece. Pieces begin at multiples of it, so that ranges which overlap share them. */
export const PIECE_STEPS = 256;

/** One piece may take this part of all that is kept, so that it does not drive all others out. */
const LARGEST_PART = 1 / 8;

interface Piece {
  /** Of a part of the steps of the piece, without a gap. */
  readonly stretch: Stretch;
  /** When the oldest of its steps was evaluated, ms of the monotonic clock. */
  readonly since: number;
}

/** What is kept of the steps that a query asks for: one after the other, without a gap. */
export interface Found {
  readonly stretches: readonly Stretch[];
  /** When the oldest of them was evaluated, ms of the monotonic clock; Infinity where there is none. */
  readonly since: number;
}

/** Keeps what range queries came to, in pieces of time. Which results may be kept is up to the caller. */
export class ResultsCache {
  readonly settings: ResultsCacheSettings;
  readonly #largest: number;
  readonly #pieces: LRUCache<string, Piece> | undefined;

  constructor(settings: ResultsCacheSettings, clock: Clock) {
    const { bytes, lifetime } = settings;
    this.settings = settings;
    this.#largest = Math.floor(bytes * LARGEST_PART);
    if (this.#largest > 0 && lifetime > 0)
      this.#pieces = new LRUCache({
        maxSize: bytes,
        ttl: lifetime,
        ttlResolution: 0,
        perf: { now: () => clock.monotonic() },
      });
  }

  get isOn(): boolean {
    return this.#pieces !== undefined;
  }

  /** Bytes of what is kept, about. */
  get bytes(): number {
    return this.#pieces?.calculatedSize ?? 0;
  }

  /** The longest run of steps of [from, to) that is kept of the query which `key` names. */
  async find(key: string, numbers: StepNumbers, from: number, to: number, pacer: Pacer): Promise<Found> {
    let best: Piece[] = [];
    let run: Piece[] = [];
    for (let piece = pieceOf(from); piece * PIECE_STEPS < to; piece++) {
      const found = this.#pieces?.get(keyOf(key, piece));
      const goesOn = found !== undefined && run.at(-1)?.stretch.to === found.stretch.from;
      if (!goesOn) run = [];
      if (found === undefined || found.stretch.from >= to || found.stretch.to <= from) continue;
      run.push(found);
      if (lengthOf(run, from, to) > lengthOf(best, from, to)) best = [...run];
      if (pacer.due()) await pacer.breathe();
    }
    const stretches: Stretch[] = [];
    for (const { stretch } of best) stretches.push(await cutStretch(stretch, numbers, from, to, pacer));
    return { stretches, since: best.reduce((oldest, { since }) => Math.min(oldest, since), Infinity) };
  }

  /**
   * Keeps steps of a stretch, those of one piece, where there are more of them than of the same piece that are kept, or as many.
   * @param since when the oldest of them was evaluated, ms of the monotonic clock.
   */
  async keep(
    key: string,
    numbers: StepNumbers,
    stretch: Stretch,
    since: number,
    pacer: Pacer,
  ): Promise<void> {
    if (this.#pieces === undefined || stretch.to <= stretch.from) return;
    const name = keyOf(key, pieceOf(stretch.from));
    const before = this.#pieces.peek(name)?.stretch;
    if (before !== undefined && before.to - before.from > stretch.to - stretch.from) return;
    const { stretch: copy, bytes } = await copyStretch(stretch, numbers, pacer);
    const size = bytes + name.length;
    if (size > this.#largest) return;
    this.#pieces.set(name, { stretch: copy, since }, { size, start: since });
  }
}

/** The number of the piece that a step belongs to. */
export function pieceOf(step: number): number {
  return Math.floor(step / PIECE_STEPS);
}

function lengthOf(run: readonly Piece[], from: number, to: number): number {
  if (run.length === 0) return 0;
  return Math.min(to, run.at(-1)!.stretch.to) - Math.max(from, run[0]!.stretch.from);
}

function keyOf(key: string, piece: number): string {
  return `${piece} ${key}`;
}
