import type { Gateway } from '../../src/gateway/gateway.ts';
import { openScope, type ReadWishes, type ServerDefaults } from '../../src/gateway/request-scope.ts';

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
    return openScope({ ...SERVER_DEFAULTS, ...defaults }, 'test', wishes, origin, stepMs);
  };
}
