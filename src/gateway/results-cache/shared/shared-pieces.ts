import { createHash } from 'node:crypto';
import type { Budget } from '../../../model/budget.ts';
import type { Clock } from '../../../model/clock.ts';
import { ownPacer, type Pacer } from '../../../model/pacer.ts';
import type { SharedCache } from '../../../shared-cache/shared-cache.ts';
import { PIECE_STEPS } from '../piece-steps.ts';
import type { StepNumbers, Stretch } from '../stretch.ts';
import { opened, sealed, sizeInside } from './envelope.ts';
import { type PieceColumns, readPiece, writePiece } from './piece-columns.ts';

/** Where gateways keep results together, and what decides about results beside what the key of a query says. */
export interface SharedResults {
  readonly cache: SharedCache;
  /** In front of each key: gateways share results under the same name alone. */
  readonly namespace: string;
  /** Of the version and the settings that decide about results. Gateways that differ in it do not see each other's. */
  readonly fingerprint: string;
  /** Hears of each piece that was asked for. */
  readonly onPiece?: ((outcome: SharedPieceOutcome) => void) | undefined;
  /** Hears how many pieces wait to be packed, whenever there is one more or one less. */
  readonly onWaiting?: ((pieces: number) => void) | undefined;
}

/** Unusable values are damaged, foreign, too old or too large. */
export type SharedPieceOutcome = 'found' | 'absent' | 'unusable';

/** Of the results of one query. */
export interface PieceFamily {
  readonly key: string;
  readonly numbers: StepNumbers;
  /** ms. */
  readonly lifetime: number;
}

export interface SharedPiece {
  readonly stretch: Stretch;
  /** How long ago it was evaluated, ms. */
  readonly age: number;
}

interface KeptPiece extends SharedPiece {
  /** Memory that it takes, about. */
  readonly bytes: number;
}

interface WaitingPiece extends PieceColumns {
  readonly family: PieceFamily;
  readonly piece: number;
  readonly bytes: number;
}

/** Pieces that are asked for together at most: each may have the size of the largest value. */
const AT_ONCE = 8;
/** Of one piece when it is unpacked. */
const MOST_PIECE_BYTES = 16 * 1024 ** 2;
/** While a piece is read it is there as it was unpacked, as columns, and as copies of these; beside the value that came. */
const COPIES = 3;
/** By so much clocks of gateways may differ, ms. What seems to come from later than that is not believed. */
const MOST_SKEW_MS = 60_000;
/** Pieces that wait to be packed; more are left out. They may have been driven out of the cache of this process meanwhile. */
const MOST_WAITING = 1024;
const MOST_WAITING_BYTES = 2 * MOST_PIECE_BYTES;

/** Pieces of results that other gateways see, too. What comes back is proven to be what one of them put there, or is left out. */
export class SharedPieces {
  readonly #shared: SharedResults;
  readonly #clock: Clock;
  readonly #waiting: WaitingPiece[] = [];
  #waitingBytes = 0;
  #isPacking = false;

  constructor(shared: SharedResults, clock: Clock) {
    this.#shared = shared;
    this.#clock = clock;
  }

  /**
   * Calls back for each of the pieces that is there.
   * @param budget where what comes is counted before it comes, and while it is read; pieces for which there is no room are left out.
   */
  async find(
    family: PieceFamily,
    pieces: readonly number[],
    { pacer, budget }: { readonly pacer: Pacer; readonly budget: Budget },
    found: (piece: number, of: SharedPiece) => Promise<void>,
  ): Promise<void> {
    const { mostValueBytes } = this.#shared.cache;
    for (let i = 0; i < pieces.length;) {
      // Nobody can tell how long values are before they are there.
      const count = takeRoom(budget, Math.min(AT_ONCE, pieces.length - i), mostValueBytes);
      if (count === 0) return;
      const some = pieces.slice(i, i + count);
      i += count;
      let taken = count * mostValueBytes;
      try {
        const names = some.map((piece) => this.#nameOf(family, piece));
        const values = await this.#shared.cache.get(names.map(({ key }) => key));
        const came = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
        budget.give(taken - came);
        taken = came;
        pacer.check();
        for (const [n, piece] of some.entries()) {
          const value = values[n];
          const read = value && (await this.#read(family, piece, names[n]!.digest, value, pacer, budget));
          this.#shared.onPiece?.(value === undefined ? 'absent' : read === undefined ? 'unusable' : 'found');
          if (read !== undefined) await found(piece, read);
        }
      } finally {
        budget.give(taken);
      }
    }
  }

  /**
   * Puts a piece where others find it, after a while or not at all.
   */
  keep(family: PieceFamily, piece: number, { stretch, age, bytes }: KeptPiece): void {
    if (stretch.annotations.length > 0 || age >= family.lifetime) return;
    if (this.#waiting.length >= MOST_WAITING || this.#waitingBytes + bytes > MOST_WAITING_BYTES) return;
    this.#waitingBytes += bytes;
    this.#waiting.push({ family, piece, stretch, evaluatedAt: this.#clock.now() - age, bytes });
    this.#shared.onWaiting?.(this.#waiting.length);
    if (!this.#isPacking) void this.#pack();
  }

  /** One after the other: nobody waits for it. */
  async #pack(): Promise<void> {
    this.#isPacking = true;
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        // What cannot be packed is not shared, and the others are.
        await this.#packOne(next).catch(() => undefined);
        this.#waiting.shift();
        this.#waitingBytes -= next.bytes;
        this.#shared.onWaiting?.(this.#waiting.length);
      }
    } finally {
      this.#isPacking = false;
    }
  }

  async #packOne({ family, piece, stretch, evaluatedAt }: WaitingPiece): Promise<void> {
    const columns = { stretch, evaluatedAt };
    const bytes = await writePiece(columns, family.numbers, MOST_PIECE_BYTES, ownPacer());
    if (bytes === undefined) return;
    const { key, digest } = this.#nameOf(family, piece);
    const value = await sealed(digest, bytes);
    this.#shared.cache.put(key, value, evaluatedAt + family.lifetime - this.#clock.now());
  }

  async #read(
    { numbers, lifetime }: PieceFamily,
    piece: number,
    digest: Buffer,
    value: Uint8Array,
    pacer: Pacer,
    budget: Budget,
  ): Promise<SharedPiece | undefined> {
    const size = sizeInside(digest, value);
    if (size === undefined || size > MOST_PIECE_BYTES) return undefined;
    const taken = COPIES * size;
    if (!hasRoom(budget, taken)) return undefined;
    const columns = await readOr(async () => readPiece(await opened(value), numbers, pacer));
    // What is used of it counts with the rest of the answer.
    budget.give(taken);
    pacer.check();
    if (columns === undefined) return undefined;
    const { stretch, evaluatedAt } = columns;
    const age = this.#clock.now() - evaluatedAt;
    const isInside = stretch.from >= piece * PIECE_STEPS && stretch.to <= (piece + 1) * PIECE_STEPS;
    if (!isInside || age >= lifetime || age < -MOST_SKEW_MS) return undefined;
    return { stretch, age: Math.max(0, age) };
  }

  #nameOf(
    { key, numbers: { start, interval } }: PieceFamily,
    piece: number,
  ): { key: string; digest: Buffer } {
    const { namespace, fingerprint } = this.#shared;
    const digest = createHash('sha256')
      .update(JSON.stringify([fingerprint, key, start, interval, piece]))
      .digest();
    return { key: `${namespace}:${digest.toString('base64url')}`, digest };
  }
}

/** Takes room for so many values, or for fewer where there is not so much. Returns for how many. */
function takeRoom(budget: Budget, values: number, bytesEach: number): number {
  for (let count = values; count > 0; count >>= 1) if (hasRoom(budget, count * bytesEach)) return count;
  return 0;
}

function hasRoom(budget: Budget, bytes: number): boolean {
  try {
    budget.take(bytes);
    return true;
  } catch {
    // The evaluation does without, and finds out for itself whether it has room.
    return false;
  }
}

/** What a reader makes of bytes that may be anything; undefined where it makes nothing of them. */
async function readOr<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}
