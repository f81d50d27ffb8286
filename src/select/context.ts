import type { ClusterStatus, Endpoint, Topology } from '../cluster/topology.ts';
import type { Clock } from '../model/clock.ts';
import type { Timers } from '../model/timers.ts';

/** What every selection needs. */
export interface SelectionContext {
  /** The endpoints as they are known now; asked once a call. */
  readonly topology: () => Topology;
  /** How they fare; undefined where nothing is looked for or checked. */
  readonly status?: (() => ClusterStatus) | undefined;
  readonly timers: Timers;
  readonly clock: Clock;
  /** Hears of each endpoint that did not answer a request or broke it off, so that its health can be looked into. */
  readonly onFailure?: ((endpoint: Endpoint) => void) | undefined;
}
