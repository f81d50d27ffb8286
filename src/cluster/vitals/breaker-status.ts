import type { BackendFailure } from '../../model/loss.ts';
import type { Endpoint } from '../topology.ts';
import type { Breaker } from './breaker.ts';
import { usualTime } from './usual-time.ts';
import type { EndpointVitals } from './vitals.ts';

/** How the breaker of an endpoint stands, as people and metrics are told. */
export interface BreakerStatus {
  readonly state: Breaker['kind'];
  /** Since when, ms since the epoch; undefined where that is since the start. */
  readonly since: number | undefined;
  /** Why it is not closed. */
  readonly reason: string | undefined;
  /** How long small answers of samples usually take, ms; undefined where there was none yet. */
  readonly usualMs: number | undefined;
}

type Judged = Pick<Endpoint, 'address' | 'health'>;

/** Why an endpoint is not asked at all: it hangs. Undefined where it may be asked. */
export function hangFailure(
  { address, health }: Judged,
  { state }: Pick<EndpointVitals, 'state'>,
): BackendFailure | undefined {
  if (health.kind === 'down' && health.failure.kind === 'timeout') return health.failure;
  return state === 'open' ? hangs(address) : undefined;
}

/** The one account of a breaker: what calls showed, and what looks at its health did. */
export function breakerStatus(endpoint: Judged, vitals: EndpointVitals): BreakerStatus {
  const usualMs = usualTime(vitals.usual('samples'), 0)?.mean;
  const hang = hangFailure(endpoint, vitals);
  const { health } = endpoint;
  if (hang !== undefined) {
    const since = vitals.state === 'open' ? vitals.since : undefined;
    return {
      state: 'open',
      since: since ?? (health.kind === 'down' ? health.since : undefined),
      reason: hang.reason,
      usualMs,
    };
  }
  const { state, since } = vitals;
  return { state, since, reason: state === 'slow' ? SLOW : undefined, usualMs };
}

const SLOW =
  'it was much slower than its replicas, so requests do not wait for it but for a trial now and then';

/** Why one is not asked that hangs, or not waited for any more. */
export function hangs(endpoint: string): BackendFailure {
  return {
    kind: 'timeout',
    endpoint,
    reason:
      'it hangs: requests and looks at its health were not answered, so it is not asked until it answers such a look',
  };
}
