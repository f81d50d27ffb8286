import { labelSetsOf } from '../cluster/shard.ts';
import { heldRange } from '../cluster/time-ranges.ts';
import type { Endpoint } from '../cluster/topology.ts';
import { compareStrings } from '../model/compare-strings.ts';
import type { Labels } from '../model/labels.ts';
import type { Selection } from '../select/selection.ts';

/** What is known about one endpoint, in Thanos' words. Times in ms since the epoch. */
export interface EndpointStatus {
  /** Its id: the address where that tells it from all others. */
  readonly name: string;
  /** When it was asked last; undefined where it never was. */
  readonly lastCheck: number | undefined;
  /** Why it did not answer; of one that did, what is wrong with how it is asked. */
  readonly lastError: string | undefined;
  readonly labelSets: readonly Labels[];
  /** Of which samples can come from it; unbounded where neither it nor the configuration says. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly health: 'pending' | 'up' | 'down';
  /** How samples are read; empty where that is not known yet. */
  readonly protocol: string;
  readonly version: string;
}

/** For endpoints that did not say yet what they are. */
const UNKNOWN = 'unknown';

/** The endpoints by kind of server, as Thanos' stores page has them, sorted by kind; endpoints in their order. `now` is in ms since the epoch. */
export function listEndpoints(
  selection: Pick<Selection, 'topology' | 'status'>,
  now: number,
): ReadonlyMap<string, readonly EndpointStatus[]> {
  const { endpoints } = selection.topology();
  const { checkedAt } = selection.status();
  const groups = Map.groupBy(endpoints, ({ component }) => component ?? UNKNOWN);
  return new Map(
    [...groups]
      .sort(([a], [b]) => compareStrings(a, b))
      .map(([kind, members]) => [
        kind,
        members.map((endpoint) => endpointStatus(endpoint, checkedAt.get(endpoint.id), now)),
      ]),
  );
}

function endpointStatus(endpoint: Endpoint, lastCheck: number | undefined, now: number): EndpointStatus {
  const { health } = endpoint;
  return {
    name: endpoint.id,
    lastCheck,
    lastError: errorOf(endpoint),
    labelSets: labelSetsOf(endpoint).filter(({ length }) => length > 0),
    ...heldRange(endpoint, now),
    health: health.kind,
    protocol: endpoint.protocol,
    version: endpoint.version,
  };
}

/** What is wrong with how it is asked may be why it does not answer, so both are told. */
function errorOf({ health, backend }: Endpoint): string | undefined {
  const trouble = backend.trouble?.();
  if (health.kind !== 'down') return trouble;
  return trouble === undefined ? health.failure.reason : `${health.failure.reason}; ${trouble}`;
}
