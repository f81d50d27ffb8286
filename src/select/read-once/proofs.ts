import { LRUCache } from 'lru-cache';
import { LONGEST_SCRAPE_MS, NEWS_MS } from '../../backend/series-origins.ts';
import type { EndpointId } from '../../cluster/endpoint-id.ts';
import type { TargetTable } from '../../cluster/coverage/target-table.ts';
import type { Clock } from '../../model/clock.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Route } from '../routing/route.ts';

/**
 * How long it counts that all replicas of a shard had the same series of a selector, ms; and so far behind the range that was read. What
 * came up since is in their news, which reach further back.
 */
export const PROOF_MS: number = NEWS_MS - LONGEST_SCRAPE_MS - 30_000;

/**
 * How long a proof is renewed by news, ms: what was taken for granted, as that nobody deletes series of one replica by hand, is looked at
 * once in so long.
 */
const MOST_RENEWED_MS = 600_000;

/** Memory for all proofs, bytes: some ten thousand selectors of shards with a hundred targets. */
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
  /** How many of them belong to each target, by its number; empty where there is no speaker. */
  readonly perTarget: Uint32Array;
  /** What the numbers of targets mean. */
  readonly targets: TargetTable;
}

/** A proof, and when all were read, ms by the monotonic clock. */
interface Kept {
  readonly proof: Proof;
  readonly readAt: number;
}

/** Remembers proofs for a while, by the endpoints of the shard and by what they were asked. */
export class Proofs {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #kept: LRUCache<string, Kept>;

  constructor(clock: Pick<Clock, 'monotonic'>, mostBytes: number = MOST_BYTES) {
    this.#clock = clock;
    this.#kept = new LRUCache<string, Kept>({
      maxSize: mostBytes,
      sizeCalculation: ({ proof }, key) => BYTES_PER_PROOF + 2 * key.length + proof.perTarget.byteLength,
    });
  }

  /** The newest proof, if it is young enough; whether it holds for the range is for {@link covers} to tell. */
  get(routes: readonly Route[], range: TimeRange): Proof | undefined {
    const proof = this.#kept.get(keyOf(routes, range))?.proof;
    return proof !== undefined && this.#clock.monotonic() - proof.before.at <= PROOF_MS ? proof : undefined;
  }

  /** Where an answer does not bear a proof out. */
  forget(routes: readonly Route[], range: TimeRange): void {
    this.#kept.delete(keyOf(routes, range));
  }

  put(routes: readonly Route[], proof: Proof): void {
    this.#kept.set(keyOf(routes, proof.range), { proof: { ...proof }, readAt: proof.before.at });
  }

  /**
   * Lets a proof hold on where all replicas told that nothing came up since: what it says is so up to that time as well, and the next news
   * reach back to it.
   * @param range of the query that the proof was taken for.
   * @param at when they told, by the monotonic clock, ms; not later than what they told.
   * @param until the same time, or the end of what was looked at; ms since the epoch.
   */
  renew(routes: readonly Route[], range: TimeRange, proof: Proof, at: number, until: number): void {
    const key = keyOf(routes, range);
    const kept = this.#kept.get(key);
    // Where all were read meanwhile, that tells more.
    if (kept?.proof !== proof || at <= proof.before.at || at - kept.readAt > MOST_RENEWED_MS) return;
    const { range: known, before } = proof;
    const longer = { ...known, maxTime: Math.max(known.maxTime, until) };
    this.#kept.set(key, { ...kept, proof: { ...proof, range: longer, before: { ...before, at } } });
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
