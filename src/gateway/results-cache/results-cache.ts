import { LRUCache } from 'lru-cache';
import type { Budget } from '../../model/budget.ts';
import type { Clock } from '../../model/clock.ts';
import type { Pacer } from '../../model/pacer.ts';
import { copyStretch } from './kept-stretch.ts';
import { PIECE_STEPS, pieceOf } from './piece-steps.ts';
import { type PieceFamily, SharedPieces, type SharedResults } from './shared/shared-pieces.ts';
import { cutStretch, type StepNumbers, type Stretch } from './stretch.ts';

/** How much of the results of range queries is kept, and how long. Durations in ms. */
export interface ResultsCacheSettings {
  /** Of all that is kept, about; 0 keeps nothing. */
  readonly bytes: number;
  /** A result is evaluated again when it is as old. */
  readonly lifetime: number;
  /** Results of steps that look at samples this young are not kept: such samples may still change. */
  readonly minFresh: number;
  /** Where other gateways find them, too; nowhere where it is left out. */
  readonly shared?: SharedResults | undefined;
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
  /** All that were kept, and those of them that came from where gateways share them. */
  readonly keptSteps: number;
  readonly sharedSteps: number;
  readonly evaluatedSteps: number;
  /** How long ago the oldest of the kept ones was evaluated; absent where none were. */
  readonly ageMs?: number | undefined;
}

/** One piece may take this part of all that is kept, so that it does not drive all others out. */
const LARGEST_PART = 1 / 8;

/** Another gateway is asked for a piece of which this part or more is not here, and is given one that has so much more than before. */
const SHARED_PART = 1 / 8;

/** The steps [from, to) of a query. */
export interface WantedSteps {
  readonly key: string;
  readonly numbers: StepNumbers;
  readonly from: number;
  readonly to: number;
  /** Those from this one on are not kept anywhere. */
  readonly settled: number;
}

interface Piece {
  /** Of a part of the steps of the piece, without a gap. */
  readonly stretch: Stretch;
  /** When the oldest of its steps was evaluated, ms of the monotonic clock. */
  readonly since: number;
  /** How many of its steps other gateways may have. */
  sharedSteps: number;
  /** Memory of the stretch, about. */
  readonly bytes: number;
}

/** What is kept of the steps that a query asks for: one after the other, without a gap. */
export interface Found {
  readonly stretches: readonly Stretch[];
  /** When the oldest of them was evaluated, ms of the monotonic clock; Infinity where there is none. */
  readonly since: number;
  /** How many of their steps came from where gateways share them. */
  readonly sharedSteps: number;
}

const NOTHING_SHARED: ReadonlyMap<number, Piece> = new Map();

/** Keeps what range queries came to, in pieces of time. Which results may be kept is up to the caller. */
export class ResultsCache {
  readonly settings: ResultsCacheSettings;
  readonly #clock: Clock;
  readonly #largest: number;
  readonly #pieces: LRUCache<string, Piece> | undefined;
  readonly #shared: SharedPieces | undefined;

  constructor(settings: ResultsCacheSettings, clock: Clock) {
    const { bytes, lifetime, shared } = settings;
    this.settings = settings;
    this.#clock = clock;
    this.#largest = Math.floor(bytes * LARGEST_PART);
    if (this.#largest > 0 && lifetime > 0)
      this.#pieces = new LRUCache({
        maxSize: bytes,
        ttl: lifetime,
        ttlResolution: 0,
        perf: { now: () => clock.monotonic() },
      });
    this.#shared = shared && new SharedPieces(shared, clock);
  }

  get isOn(): boolean {
    return this.#pieces !== undefined;
  }

  /** Bytes of what is kept here, about. */
  get bytes(): number {
    return this.#pieces?.calculatedSize ?? 0;
  }

  /** The longest run of wanted steps that is kept. */
  async find(wanted: WantedSteps, pacer: Pacer, budget: Budget): Promise<Found> {
    const { key, numbers, from, to } = wanted;
    const others = await this.#ofOthers(wanted, pacer, budget);
    const best = await longestRun(
      wanted,
      (piece) => others.get(piece) ?? this.#pieces?.get(keyOf(key, piece)),
      pacer,
    );
    const stretches: Stretch[] = [];
    let sharedSteps = 0;
    for (const piece of best) {
      const { stretch } = piece;
      stretches.push(await cutStretch(stretch, numbers, from, to, pacer));
      if (others.get(pieceOf(stretch.from)) === piece) sharedSteps += stepsWithin(stretch, from, to);
    }
    return { stretches, since: oldestOf(best), sharedSteps };
  }

  /** How many wanted steps, one after the other, are kept here, and how long ago the oldest was evaluated, ms. Leaves all as it is. */
  async look(wanted: WantedSteps, pacer: Pacer): Promise<{ readonly steps: number; readonly ageMs: number }> {
    const { key, from, to } = wanted;
    const run = await longestRun(wanted, (piece) => this.#pieces?.peek(keyOf(key, piece)), pacer);
    return { steps: lengthOf(run, from, to), ageMs: this.#clock.monotonic() - oldestOf(run) };
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
    const kept = await this.#keepHere(key, numbers, stretch, since, pacer);
    if (kept === undefined || this.#shared === undefined) return;
    const steps = kept.stretch.to - kept.stretch.from;
    if (steps - kept.sharedSteps < Math.max(1, kept.sharedSteps * SHARED_PART)) return;
    kept.sharedSteps = steps;
    const age = this.#clock.monotonic() - since;
    this.#shared.keep(this.#family(key, numbers), pieceOf(stretch.from), {
      stretch: kept.stretch,
      age,
      bytes: kept.bytes,
    });
  }

  async #keepHere(
    key: string,
    numbers: StepNumbers,
    stretch: Stretch,
    since: number,
    pacer: Pacer,
  ): Promise<Piece | undefined> {
    if (this.#pieces === undefined || stretch.to <= stretch.from) return undefined;
    const name = keyOf(key, pieceOf(stretch.from));
    const before = this.#pieces.peek(name);
    if (before !== undefined && before.stretch.to - before.stretch.from > stretch.to - stretch.from)
      return undefined;
    const { stretch: copy, bytes } = await copyStretch(stretch, numbers, pacer);
    const size = bytes + name.length;
    if (size > this.#largest) return undefined;
    const kept = { stretch: copy, since, sharedSteps: before?.sharedSteps ?? 0, bytes };
    this.#pieces.set(name, kept, { size, start: since });
    return kept;
  }

  /** Pieces that have more of the wanted steps than is kept here. They are kept here from now on. */
  async #ofOthers(
    { key, numbers, from, to, settled }: WantedSteps,
    pacer: Pacer,
    budget: Budget,
  ): Promise<ReadonlyMap<number, Piece>> {
    if (this.#shared === undefined) return NOTHING_SHARED;
    const end = Math.min(to, settled);
    const here = (piece: number): number => {
      const kept = this.#pieces?.get(keyOf(key, piece));
      return kept === undefined ? 0 : stepsWithin(kept.stretch, from, end);
    };
    const lacking: number[] = [];
    for (let piece = pieceOf(from); piece * PIECE_STEPS < end; piece++) {
      const bounds = { from: piece * PIECE_STEPS, to: (piece + 1) * PIECE_STEPS };
      const wanted = stepsWithin(bounds, from, end);
      if (wanted - here(piece) >= Math.max(1, wanted * SHARED_PART)) lacking.push(piece);
    }
    const others = new Map<number, Piece>();
    await this.#shared.find(
      this.#family(key, numbers),
      lacking,
      { pacer, budget },
      async (piece, { stretch: theirs, age }) => {
        if (stepsWithin(theirs, from, end) <= here(piece)) return;
        // By another clock more may be settled than by this one.
        const stretch = await cutStretch(theirs, numbers, theirs.from, Math.min(theirs.to, settled), pacer);
        const since = this.#clock.monotonic() - age;
        const sharedSteps = stretch.to - stretch.from;
        others.set(piece, { stretch, since, sharedSteps, bytes: 0 });
        const kept = await this.#keepHere(key, numbers, stretch, since, pacer);
        if (kept !== undefined) kept.sharedSteps = sharedSteps;
      },
    );
    return others;
  }

  #family(key: string, numbers: StepNumbers): PieceFamily {
    return { key, numbers, lifetime: this.settings.lifetime };
  }
}

/** @param kept what is kept of a piece. */
async function longestRun(
  { from, to }: WantedSteps,
  kept: (piece: number) => Piece | undefined,
  pacer: Pacer,
): Promise<readonly Piece[]> {
  let best: Piece[] = [];
  let run: Piece[] = [];
  for (let piece = pieceOf(from); piece * PIECE_STEPS < to; piece++) {
    const found = kept(piece);
    const goesOn = found !== undefined && run.at(-1)?.stretch.to === found.stretch.from;
    if (!goesOn) run = [];
    if (found === undefined || stepsWithin(found.stretch, from, to) === 0) continue;
    run.push(found);
    if (lengthOf(run, from, to) > lengthOf(best, from, to)) best = [...run];
    if (pacer.due()) await pacer.breathe();
  }
  return best;
}

function oldestOf(pieces: readonly Piece[]): number {
  return pieces.reduce((oldest, { since }) => Math.min(oldest, since), Infinity);
}

function lengthOf(run: readonly Piece[], from: number, to: number): number {
  if (run.length === 0) return 0;
  return Math.min(to, run.at(-1)!.stretch.to) - Math.max(from, run[0]!.stretch.from);
}

/** How many steps of [from, to) a stretch has. */
function stepsWithin(stretch: Pick<Stretch, 'from' | 'to'>, from: number, to: number): number {
  return Math.max(0, Math.min(to, stretch.to) - Math.max(from, stretch.from));
}

function keyOf(key: string, piece: number): string {
  return `${piece} ${key}`;
}
