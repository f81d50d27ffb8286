import type { TimeRange } from '../../model/time-range.ts';
import type { EndpointId } from '../endpoint-id.ts';
import type { ReplicaWindow } from './window-runs.ts';
import { PIECE_MS, pieceBytes, pieceStart, type Piece } from './piece.ts';
import { PieceBuilder } from './piece-builder.ts';
import type { PieceCache } from './piece-cache.ts';

/** How long after its time a sample may show up at the endpoint that scraped it, ms. */
export const SETTLING_MS = 120_000;
/** An endpoint that was not read for longer begins anew; what is between is read where somebody asks for it. */
const MOST_BEHIND_MS = 2 * PIECE_MS;
/** So much around a window shows where holes at its edges begin and end, ms. */
const EDGE_MS = 600_000;

/** What is to be read of an endpoint, and where it goes. */
export interface UpRead {
  /** Both inclusive. */
  readonly range: TimeRange;
  readonly builders: readonly PieceBuilder[];
}

/**
 * When one endpoint scraped its targets: the tail, which each refresh extends, and pieces of the past in a cache. Holds state alone;
 * somebody else reads.
 */
export class EndpointCoverage {
  readonly #cache: PieceCache<EndpointCoverage>;
  /** Ascending, one behind the other. */
  #tail: PieceBuilder[] = [];
  /** What the builders of the tail made since the last refresh. */
  #built = new Map<PieceBuilder, Piece>();
  #until = -Infinity;
  /** The time of the newest scrape, as of the last refresh. */
  #newestKnown = -Infinity;

  constructor(cache: PieceCache<EndpointCoverage>) {
    this.#cache = cache;
  }

  /** Until when the tail is known, ms since the epoch; -Infinity where it is not. */
  get until(): number {
    return this.#until;
  }

  /** Since when all is known without a break, looking back for `most` ms at most; Infinity where nothing is. */
  since(most: number): number {
    const [first] = this.#tail;
    if (first === undefined || this.#until === -Infinity) return Infinity;
    let { start } = first;
    while (start - PIECE_MS >= this.#until - most && this.#cache.has(this, start - PIECE_MS))
      start -= PIECE_MS;
    return start;
  }

  /** How many targets the newest piece has. */
  get targets(): number {
    const newest = this.#tail.at(-1);
    return newest === undefined ? 0 : this.#pieceOf(newest).targets.length;
  }

  /** Memory of the tail, about. */
  get tailBytes(): number {
    return this.#tail.reduce((sum, builder) => sum + pieceBytes(this.#pieceOf(builder)), 0);
  }

  /** What a refresh has to read. It begins two hours or more ago, or a little before where the last one ended. */
  tailRead(now: number): UpRead {
    if (now - this.#until > MOST_BEHIND_MS) {
      this.#tail = [];
      this.#until = -Infinity;
    }
    const fresh = pieceStart(now) - PIECE_MS;
    const minTime = this.#tail.length === 0 ? fresh : this.#until - SETTLING_MS;
    const first = this.#tail[0]?.start ?? fresh;
    for (let start = first + this.#tail.length * PIECE_MS; start <= now; start += PIECE_MS)
      this.#tail.push(new PieceBuilder(start));
    return { range: { minTime, maxTime: now }, builders: this.#tail };
  }

  /**
   * Whether an answer has what was read of the same time before. Without the newest scrape that was known, the server began anew with an
   * empty disk.
   * @param earliest of the samples that came, ms since the epoch; Infinity where none did.
   */
  isBorneOut({ range: { minTime, maxTime } }: UpRead, earliest: number): boolean {
    const newest = this.#newestKnown;
    return newest < minTime || newest > maxTime || earliest <= newest;
  }

  /** Takes down that what {@link tailRead} asked for was read; pieces that no sample can come to any more are kept as past. */
  tailDone({ range }: UpRead): void {
    this.#built.clear();
    this.#until = range.maxTime;
    const newest = this.#tail.reduce((latest, builder) => Math.max(latest, builder.newest), -Infinity);
    // A clock that is ahead writes scrapes that are still to come.
    this.#newestKnown = Math.min(newest, this.#until);
    while (this.#tail.length > 0 && this.#tail[0]!.end + SETTLING_MS <= this.#until)
      this.#cache.put(this, this.#tail.shift()!.build());
  }

  /** What is to be read of a range that lies in the past, at most so many pieces: those that come first and are not there. */
  pastRead(range: TimeRange, now: number, mostPieces: number): UpRead | undefined {
    const builders: PieceBuilder[] = [];
    const end = Math.min(range.maxTime, now - SETTLING_MS - PIECE_MS, (this.#tail[0]?.start ?? Infinity) - 1);
    for (
      let start = pieceStart(range.minTime);
      start <= end && builders.length < mostPieces;
      start += PIECE_MS
    ) {
      if (!this.#cache.has(this, start)) builders.push(new PieceBuilder(start));
      else if (builders.length > 0) break;
    }
    const [first] = builders;
    if (first === undefined) return undefined;
    return { range: { minTime: first.start, maxTime: builders[builders.length - 1]!.end - 1 }, builders };
  }

  pastDone({ builders }: UpRead): void {
    for (const builder of builders) this.#cache.put(this, builder.build());
  }

  /** What is known around a range; undefined where not all of it is, but for what is behind the newest refresh. */
  window(id: EndpointId, from: number, to: number): ReplicaWindow | undefined {
    const pieces: Piece[] = [];
    const first = pieceStart(from);
    const newest = this.#until === -Infinity ? Infinity : this.#until;
    const last = pieceStart(Math.min(to, newest));
    for (let start = first; start <= last; start += PIECE_MS) {
      const piece = this.#pieceAt(start);
      if (piece === undefined) return undefined;
      pieces.push(piece);
    }
    if (pieces.length === 0) return undefined;
    const before = from - EDGE_MS < first ? this.#pieceAt(first - PIECE_MS) : undefined;
    if (before !== undefined) pieces.unshift(before);
    const behind = to + EDGE_MS >= last + PIECE_MS ? this.#pieceAt(last + PIECE_MS) : undefined;
    if (behind !== undefined) pieces.push(behind);
    return {
      id,
      pieces,
      from: pieces[0]!.start,
      until: Math.min(newest, pieces[pieces.length - 1]!.start + PIECE_MS),
    };
  }

  /** Forgets all. */
  clear(): void {
    this.#tail = [];
    this.#built.clear();
    this.#until = -Infinity;
    this.#newestKnown = -Infinity;
    this.#cache.forget(this);
  }

  #pieceAt(start: number): Piece | undefined {
    const builder = this.#tail.find((each) => each.start === start);
    if (builder === undefined) return this.#cache.get(this, start);
    return start <= this.#until ? this.#pieceOf(builder) : undefined;
  }

  #pieceOf(builder: PieceBuilder): Piece {
    const known = this.#built.get(builder) ?? builder.build();
    this.#built.set(builder, known);
    return known;
  }
}
