import type { Gateway } from '../../src/gateway/gateway.ts';
import {
  openScope,
  type Grant,
  type Origin,
  type ReadWishes,
  type ServerDefaults,
} from '../../src/gateway/request-scope.ts';
import { openBudget, type Budget } from '../../src/model/budget.ts';
import { NO_TENANT } from '../../src/model/request-scope.ts';
import { RequestJournal } from '../../src/model/request-journal.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';

/** Merges the replicas of `__replica__` and answers in part. */
export const SERVER_DEFAULTS: ServerDefaults = {
  dedup: true,
  dedupMode: 'gap-aware',
  replicaLabels: ['__replica__'],
  partialResponse: true,
};

/** The `open` of a gateway. What requests wish is added to `seen`. */
export function opening(seen: ReadWishes[] = [], defaults: Partial<ServerDefaults> = {}): Gateway['open'] {
  return (wishes, origin, stepMs) => {
    seen.push(wishes);
    const grant = grantOf(defaults);
    return openScope(grant, wishes, origin, stepMs);
  };
}

/** What a server without limits gives to a request. */
export function grantOf(defaults: Partial<ServerDefaults> = {}): Grant {
  const journal = new RequestJournal({ now: () => 0, monotonic: () => 0 });
  return { defaults: { ...SERVER_DEFAULTS, ...defaults }, budget: roomyBudget(), journal };
}

/** A budget without limits. */
export function roomyBudget(): Budget {
  return openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });
}

/** A client whose answer is never sent. */
export function originOf(signal: AbortSignal, client = 'test'): Origin {
  return {
    signal,
    client,
    ids: { request: 'test', named: 'test', trace: undefined },
    method: 'GET',
    path: '/test',
    admission: NO_TENANT,
    header: () => undefined,
    whenSent: () => undefined,
  };
}
