import type { TimeRange } from './time-range.ts';

/** Why a call to one endpoint failed. Expected failures of a backend are values of this type. */
export interface BackendFailure {
  readonly kind: 'timeout' | 'unavailable' | 'bad_data' | 'too_large' | 'canceled' | 'execution';
  /** The endpoint's address; in a {@link Loss} its id, which tells it from others at that address. */
  readonly endpoint: string;
  /**
   * A sentence for callers, for example `connection refused` or `the stream ended after 3 of 7 bytes of a frame`. Of what
   * the server sent it holds at most the error text of an API that is one.
   */
  readonly reason: string;
  /** What the server sent instead of an answer, or where it redirects: one short line for the log, not for callers. */
  readonly detail?: string;
  /** Set where the time of the request ran out, which says nothing of the endpoint. */
  readonly byDeadline?: true;
  /**
   * Set where the same call, made again after this time, ms, may well be answered: the connection broke, or the answer was damaged on
   * its way.
   */
  readonly retryAfterMs?: number;
  /** Set where this program has a mistake, not the server: its stack belongs into the log. */
  readonly bug?: Error;
}

/**
 * What an answer lacks, or would lack if nothing stood in for it. It travels with the answer as it is; what people read
 * of it is made in `loss-text.ts` alone. Shards are named by their labels as text, endpoints by their id.
 */
export type Loss =
  /** No endpoint of the shard answered. */
  | {
      readonly kind: 'shard';
      readonly shard: string;
      readonly failures: readonly BackendFailure[];
      /** Of which samples may be missing; undefined for answers without samples. The same below. */
      readonly range?: TimeRange | undefined;
    }
  /** One endpoint of the shard did not answer, and others did. */
  | {
      readonly kind: 'replica';
      readonly shard: string;
      readonly failure: BackendFailure;
      /** Those of the shard that answered. */
      readonly others: readonly string[];
      readonly standIn: StandIn;
      readonly range?: TimeRange | undefined;
    }
  /** An endpoint never told its labels, so nobody knows which shard is missing. */
  | {
      readonly kind: 'endpoint';
      readonly endpoint: string;
      readonly reason: string | undefined;
      readonly range?: TimeRange | undefined;
    }
  /** An endpoint did not answer where each counts for itself, as in statistics of databases. */
  | { readonly kind: 'uncounted'; readonly shard: string; readonly failure: BackendFailure }
  /** An endpoint sent chunks of some series that cannot be decoded. */
  | {
      readonly kind: 'unreadable';
      readonly shard: string;
      readonly endpoint: string;
      readonly reason: string;
      /** Whether a replica that could be decoded has the same series. */
      readonly replaced: boolean;
    }
  /** An endpoint says itself that its answer lacks something. */
  | {
      readonly kind: 'reported';
      readonly shard: string;
      readonly endpoint: string;
      readonly message: string;
      /** Whether a replica that says nothing of the kind would replace the endpoint. */
      readonly replaced: boolean;
    };

/** What the others of a replica group are worth in the place of a lost replica. Times in ms since the epoch. */
export type StandIn =
  /** They have all that the lost one has. */
  | { readonly kind: 'whole' }
  /** They have all from this time on, and nothing before it, as the lost one may. */
  | { readonly kind: 'begins'; readonly at: number }
  /** They were away themselves; both ends exclusive. `more` such times follow. */
  | { readonly kind: 'away'; readonly from: number; readonly to: number; readonly more?: number | undefined }
  /** They lack so many targets that the lost one has; both ends exclusive. `more` such times follow. */
  | {
      readonly kind: 'lacks';
      readonly from: number;
      readonly to: number;
      readonly targets: number;
      readonly more?: number | undefined;
    }
  /** Their series have a hole; both ends exclusive. */
  | { readonly kind: 'holes'; readonly from: number; readonly to: number }
  /** One of them did not tell whether it was away. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** They scrape this part of its targets, 0 … 1. */
  | { readonly kind: 'part'; readonly fraction: number }
  /** They scrape other targets. */
  | { readonly kind: 'other' }
  /** It is not known whether they scrape the same. */
  | { readonly kind: 'unproven'; readonly because: 'never-compared' | 'too-many-targets' };

/** Whether something may be missing from the answer. Otherwise a stand-in has it all. */
export function isMissing(loss: Loss): boolean {
  switch (loss.kind) {
    case 'shard':
    case 'endpoint':
    case 'uncounted':
      return true;
    case 'unreadable':
    case 'reported':
      return !loss.replaced;
    case 'replica':
      return loss.standIn.kind !== 'whole' && loss.standIn.kind !== 'begins';
  }
}

/**
 * Whether an answer with this loss is refused where partial answers are. Holes are not proof enough for that: series that
 * are written at the moment look the same.
 */
export function isRefused(loss: Loss): boolean {
  return isMissing(loss) && !(loss.kind === 'replica' && loss.standIn.kind === 'holes');
}

/** Equal for losses that tell the same: how a failure was worded, and of which of several reads it is, does not count. */
export function lossKey(loss: Loss): string {
  switch (loss.kind) {
    case 'shard':
      return JSON.stringify([loss.kind, loss.shard, ...loss.failures.map(({ endpoint }) => endpoint)]);
    case 'replica':
      return JSON.stringify([loss.kind, loss.shard, loss.failure.endpoint, loss.standIn]);
    case 'endpoint':
      return JSON.stringify([loss.kind, loss.endpoint]);
    case 'uncounted':
      return JSON.stringify([loss.kind, loss.shard, loss.failure.endpoint]);
    case 'unreadable':
      return JSON.stringify([loss.kind, loss.shard, loss.endpoint, loss.replaced]);
    case 'reported':
      return JSON.stringify([loss.kind, loss.shard, loss.endpoint, loss.message, loss.replaced]);
  }
}
