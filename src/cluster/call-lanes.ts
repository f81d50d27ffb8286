import { CALLS_AT_ONCE } from '../backend/connection-options.ts';
import type { Backend } from '../backend/backend.ts';
import { FairQueue } from '../model/fair-queue.ts';

/**
 * Calls that requests make to an endpoint at the same time; further ones wait here, with turns between requests. So one
 * request that calls an endpoint a thousand times keeps no other from it for longer than a call takes. Those who wait are
 * bounded by the requests that run, and by the selects that each of them makes at once.
 */
export class CallLanes {
  readonly #byBackend = new WeakMap<Backend, FairQueue>();

  /** Of one endpoint, as long as it has this backend. Keys are the ids of requests. */
  of(backend: Backend): FairQueue {
    const known = this.#byBackend.get(backend);
    if (known !== undefined) return known;
    const lane = new FairQueue({ places: CALLS_AT_ONCE });
    this.#byBackend.set(backend, lane);
    return lane;
  }
}
