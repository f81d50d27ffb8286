import type { StoreStatus } from '../../gateway/stores.ts';
import { instantFromMs, ZERO_INSTANT } from '../../model/instant.ts';
import { encodeInstant } from './instant.ts';
import { encodeLabels } from './labels.ts';
import { encodeItems, encodeObject } from './object.ts';
import { encodeString } from './string.ts';

/** How Thanos writes a time range without bounds: the ends of int64. */
const [MIN_INT64, MAX_INT64] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Endpoints by kind as Thanos' `/api/v1/stores` shows them (pkg/query `EndpointStatus`), and how they are read. */
export function encodeStores(stores: ReadonlyMap<string, readonly StoreStatus[]>): string {
  const groups = [...stores].map(([kind, list]) => `${encodeString(kind)}:${encodeItems(list, encodeStore)}`);
  return `{${groups.join(',')}}`;
}

function encodeStore(store: StoreStatus): string {
  const { lastCheck, lastError } = store;
  return encodeObject({
    name: encodeString(store.name),
    lastCheck: encodeInstant(lastCheck === undefined ? ZERO_INSTANT : instantFromMs(lastCheck)),
    lastError: lastError === undefined ? 'null' : encodeString(lastError),
    labelSets: encodeItems(store.labelSets, encodeLabels),
    minTime: encodeBound(store.minTime),
    maxTime: encodeBound(store.maxTime),
    health: encodeString(store.health),
    protocol: encodeString(store.protocol),
    version: encodeString(store.version),
  });
}

function encodeBound(ms: number): string {
  if (Number.isFinite(ms)) return String(Math.trunc(ms));
  return String(ms > 0 ? MAX_INT64 : MIN_INT64);
}
