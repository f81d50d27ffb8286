/** How long a piece is, ms; pieces begin at multiples of it. That of Prometheus' own blocks. */
export const PIECE_MS: number = 2 * 3_600_000;

/** What is known of a run, beside its interval. */
export const RunMark = {
  /** The scrapes failed: `up` was 0. */
  failed: 0,
  /** The scrapes succeeded: `up` was 1. */
  scraped: 1,
  /** It was cut off where an endpoint had more runs than are kept: nothing is known of its time. */
  unknown: 2,
  /** No scrape: a stale marker stands before the first one of the piece, and so ends the run of the piece before. */
  taken: 3,
  /** Added where a stale marker ends the run: the target was taken away, and the server went on. */
  ended: 4,
} as const;

/** Of facts of a run: the mark. The rest is the interval. */
const MARK_BITS = 3;

/**
 * When one endpoint scraped which target within two hours, in columns; immutable. A run is a row of scrapes with one outcome
 * at one interval and without a hole. Healthy targets have one run each, so a piece of 20,000 targets takes 0.4 MB.
 */
export interface Piece {
  /** ms since the epoch. */
  readonly start: number;
  /** Numbers of targets, ascending. */
  readonly targets: Int32Array;
  /** Of each of them: where its runs end in the columns below. They begin where those of the one before end. */
  readonly ends: Uint32Array;
  /** Of each run the first and the last scrape, ms after the start of the piece; ascending for each target. */
  readonly firsts: Int32Array;
  readonly lasts: Int32Array;
  /** See {@link runFacts}. */
  readonly facts: Int32Array;
}

/** Packs what is known of a run into a number. @param interval ms; 0 where it is not known, as of one scrape alone. */
export function runFacts(interval: number, mark: number): number {
  return (interval << MARK_BITS) | mark;
}

export function intervalOf(facts: number): number {
  return facts >>> MARK_BITS;
}

/** A {@link RunMark}, without what may be added to it. */
export function outcomeOf(facts: number): number {
  return facts & 3;
}

export function isEnded(facts: number): boolean {
  return (facts & RunMark.ended) !== 0;
}

/** The start of the piece that a time lies in; ms. */
export function pieceStart(t: number): number {
  return Math.floor(t / PIECE_MS) * PIECE_MS;
}

/** Memory that a piece takes, about. */
export function pieceBytes({ targets, ends, firsts, lasts, facts }: Piece): number {
  const columns = targets.length + ends.length + firsts.length + lasts.length + facts.length;
  return 4 * columns + BYTES_OF_OBJECTS;
}

/** Of a piece without targets. */
const BYTES_OF_OBJECTS = 500;
