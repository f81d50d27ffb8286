import type { ReadWishes } from '../gateway/request-scope.ts';
import { toleratesLoss } from '../wire/store-api/partial-response.ts';
import { MAX_TIME, MIN_TIME } from '../model/time-range.ts';

/** A time of a request, ms. Clients write the ends of int64 where they mean no bound. */
export function requestTime(ms: number): number {
  return Math.min(Math.max(ms, MIN_TIME), MAX_TIME);
}

/** What a querier above wants of lists: each replica for itself, because it makes them one with those of others. */
export function eachReplica(partialResponseStrategy: number): ReadWishes {
  return { dedup: false, mergesReplicas: true, partialResponse: toleratesLoss(partialResponseStrategy) };
}
