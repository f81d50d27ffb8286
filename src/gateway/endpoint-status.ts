import { labelSetsOf } from '../cluster/shard.ts';
import { heldRange } from '../cluster/time-ranges.ts';
import type { Endpoint, HealthChange } from '../cluster/topology.ts';
import type { BreakerStatus } from '../cluster/vitals/breaker-status.ts';
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
  /** One that hangs, and so is not asked, is down, whether or not that was looked at yet. */
  readonly health: 'pending' | 'up' | 'down';
  /** Undefined for what is no endpoint. */
  readonly breaker: BreakerStatus | undefined;
  /** How samples are read; empty where that is not known yet. */
  readonly protocol: string;
  readonly version: string;
  /** When it came and went, the newest last; absent where nobody notes it. */
  readonly changes?: readonly HealthChange[] | undefined;
}

/** For endpoints that did not say yet what they are. */
const UNKNOWN = 'unknown';

/**
 * The endpoints by kind of server, as Thanos' stores page has them, sorted by kind; endpoints in their order. `now` is in ms since the
 * epoch.
 */
export function listEndpoints(
  selection: Pick<Selection, 'topology' | 'status' | 'breaker'>,
  now: number,
): ReadonlyMap<string, readonly EndpointStatus[]> {
  const { endpoints } = selection.topology();
  const { checkedAt, changesOf } = selection.status();
  const groups = Map.groupBy(endpoints, ({ component }) => component ?? UNKNOWN);
  return new Map(
    [...groups]
      .sort(([a], [b]) => compareStrings(a, b))
      .map(([kind, members]) => [
        kind,
        members.map((endpoint) =>
          endpointStatus(
            endpoint,
            selection.breaker(endpoint),
            { lastCheck: checkedAt.get(endpoint.id), changes: changesOf?.(endpoint) },
            now,
          ),
        ),
      ]),
  );
}

function endpointStatus(
  endpoint: Endpoint,
  breaker: BreakerStatus,
  { lastCheck, changes }: Pick<EndpointStatus, 'lastCheck' | 'changes'>,
  now: number,
): EndpointStatus {
  return {
    name: endpoint.id,
    lastCheck,
    lastError: errorOf(endpoint, breaker),
    labelSets: labelSetsOf(endpoint).filter(({ length }) => length > 0),
    ...heldRange(endpoint, now),
    health: breaker.state === 'open' ? 'down' : endpoint.health.kind,
    breaker,
    protocol: endpoint.protocol,
    version: endpoint.version,
    ...(changes !== undefined && { changes }),
  };
}

/** What is wrong with how it is asked may be why it does not answer, so both are told. */
function errorOf({ health, backend }: Endpoint, { reason }: BreakerStatus): string | undefined {
  const problems = [health.kind === 'down' ? health.failure.reason : reason, backend.trouble?.()];
  const known = problems.filter((problem) => problem !== undefined);
  return known.length === 0 ? undefined : known.join('; ');
}
