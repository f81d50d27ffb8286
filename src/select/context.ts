import type { Topology } from '../cluster/topology.ts';
import type { Clock } from '../model/clock.ts';
import type { Timers } from '../model/timers.ts';

/** What every selection needs. */
export interface SelectionContext {
  /** The endpoints as they are known now; asked once a call. */
  readonly topology: () => Topology;
  readonly timers: Timers;
  readonly clock: Clock;
}
