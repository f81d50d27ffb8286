import { LRUCache } from 'lru-cache';
import { LONGEST_SCRAPE_MS, NEWS_MS } from '../../backend/series-origins.ts';
import type { EndpointId } from '../../cluster/endpoint-id.ts';
import type { Clock } from '../../model/clock.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Route } from '../routing/route.ts';

/**
 * How long it counts that all replicas of a shard had the same series of a selector, ms; and so far behind the range that was read. What
 * came up since is in their news, which reach further back.
 */
export const PROOF_MS: number = NEWS_MS - LONGEST_SCRAPE_MS - 30_000;

/** Memory for all proofs, bytes: some ten thousand selectors. */
const MOST_BYTES = 8_000_000;
const BYTES_PER_PROOF = 200;

/** How the replicas of a shard were before they were read. */
export interface Before {
  /** In which state each of them was, see `statesOf`. */
  readonly states: string;
  /** By the monotonic clock, ms. */
  readonly at: number;
}

/** What reading all replicas of a shard showed of the series of a selector. */
export interface Proof {
  /** The replica that deduplication prefers; undefined where it is not proven that it has all. */
  readonly speaker: EndpointId | undefined;
  /** What was read, ms since the epoch. */
  readonly range: TimeRange;
  /** How its replicas were before they were read. */
  readonly before: Before;
  /** The longest that the replica took, ms, see {@link tookSoLong}. */
  elapsedMs: number;
  /** How many series it has. */
  readonly series: number;
}

/** Remembers proofs for a while, by the endpoints of the shard and by what they were asked. */
export class Proofs {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #kept: LRUCache<string, Proof>;

  constructor(clock: Pick<Clock, 'monotonic'>, mostBytes: number = MOST_BYTES) {
    this.#clock = clock;
    this.#kept = new LRUCache<string, Proof>({
      maxSize: mostBytes,
      sizeCalculation: (_, key) => BYTES_PER_PROOF + 2 * key.length,
    });
  }

  /** The newest proof, if it is young enough; whether it holds for the range is for {@link covers} to tell. */
  get(routes: readonly Route[], range: TimeRange): Proof | undefined {
    const kept = this.#kept.get(keyOf(routes, range));
    return kept !== undefined && this.#clock.monotonic() - kept.before.at <= PROOF_MS ? kept : undefined;
  }

  /** Where an answer does not bear a proof out. */
  forget(routes: readonly Route[], range: TimeRange): void {
    this.#kept.delete(keyOf(routes, range));
  }

  put(routes: readonly Route[], proof: Proof): void {
    this.#kept.set(keyOf(routes, proof.range), { ...proof });
  }
}

/** Takes down how long the speaker took, ms: under load it may take longer than before, and is not to blame. */
export function tookSoLong(proof: Proof, elapsedMs: number): void {
  proof.elapsedMs = Math.max(proof.elapsedMs, elapsedMs);
}

/** Whether a range was read, but for what came since. */
export function covers({ range }: Pick<Proof, 'range'>, { minTime, maxTime }: TimeRange): boolean {
  return minTime >= range.minTime && maxTime <= range.maxTime + PROOF_MS;
}

/** Ranges of another order of length are proven apart: a series of long ago is no reason against reading the last minutes once. */
function keyOf(routes: readonly Route[], { minTime, maxTime }: TimeRange): string {
  const asked = routes.map(({ endpoint, matcherSets, wanted }) => [endpoint.id, matcherSets, wanted]);
  return JSON.stringify([Math.round(Math.log2(Math.max(maxTime - minTime, 1))), asked]);
}
