import type { Endpoint } from '../cluster/topology.ts';
import { compareStrings } from '../model/compare-strings.ts';
import type { Labels } from '../model/labels.ts';
import type { MergedOperations } from '../select/lists/operations.ts';

/** What is known about one endpoint, in Thanos' words. Times in ms since the epoch. */
export interface StoreStatus {
  /** Its id: the address where that tells it from all others. */
  readonly name: string;
  /** When it was asked last; undefined where it never was. */
  readonly lastCheck: number | undefined;
  /** Undefined where it answered. */
  readonly lastError: string | undefined;
  readonly labelSets: readonly Labels[];
  /** Unbounded where the endpoint does not say. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly health: 'pending' | 'up' | 'down';
  /** How samples are read; empty where that is not known yet. */
  readonly protocol: string;
  readonly version: string;
}

/** For endpoints that did not say yet what they are. */
const UNKNOWN = 'unknown';

/** The endpoints by kind of server, as Thanos' stores page has them, sorted by kind; endpoints in their order. */
export function listStores(
  operations: Pick<MergedOperations, 'topology' | 'status'>,
): ReadonlyMap<string, readonly StoreStatus[]> {
  const { endpoints } = operations.topology();
  const { checkedAt } = operations.status();
  const groups = Map.groupBy(endpoints, ({ component }) => component ?? UNKNOWN);
  return new Map(
    [...groups]
      .sort(([a], [b]) => compareStrings(a, b))
      .map(([kind, members]) => [
        kind,
        members.map((endpoint) => endpointStatus(endpoint, checkedAt.get(endpoint.id))),
      ]),
  );
}

function endpointStatus(endpoint: Endpoint, lastCheck: number | undefined): StoreStatus {
  const { health } = endpoint;
  return {
    name: endpoint.id,
    lastCheck,
    lastError: health.kind === 'down' ? health.failure.reason : undefined,
    labelSets: labelSetsOf(endpoint),
    minTime: endpoint.minTime,
    maxTime: endpoint.maxTime,
    health: health.kind,
    protocol: endpoint.protocol,
    version: endpoint.version,
  };
}

function labelSetsOf({ labelSets, externalLabels }: Endpoint): readonly Labels[] {
  if (labelSets !== undefined) return labelSets;
  return externalLabels === undefined || externalLabels.length === 0 ? [] : [externalLabels];
}
