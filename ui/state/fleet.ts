import { signal, type Signal } from '@preact/signals';
import type { EndpointCoverageJson, HolesJson, ShardCoverageJson } from '../../src/http/api/coverage.ts';
import type { LabelsJson } from '../../src/http/api/envelope.ts';
import type { StoreJson, StoresJson } from '../../src/http/api/stores.ts';
import { plural } from '../text/numbers.ts';

/** How well a shard is known: in one word, worst last. */
export type ShardState = 'whole' | 'patched' | 'missing' | 'failed';

export const SHARD_STATES: readonly ShardState[] = ['whole', 'patched', 'missing', 'failed'];

export interface FleetEndpoint {
  readonly store: StoreJson;
  /** As Thanos names it, such as `prometheus` or `sidecar`. */
  readonly kind: string;
  /** What tells it from the others of its shard. */
  readonly replica: string;
  readonly coverage: EndpointCoverageJson | undefined;
}

export interface FleetShard {
  readonly labels: LabelsJson;
  readonly state: ShardState;
  readonly endpoints: readonly FleetEndpoint[];
  /** Of which time coverage is told, s; undefined where it is told of none. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
  readonly missing: HolesJson | undefined;
  readonly targets: number;
}

export interface Fleet {
  readonly shards: readonly FleetShard[];
  /** Where endpoints are looked for. */
  readonly sources: readonly StoreJson[];
  /** Of no shard: they never told their labels, or they are not replicated in a way that is known. */
  readonly others: readonly FleetEndpoint[];
}

/** Puts what two calls say of the same endpoints together. */
export function fleetOf(stores: StoresJson, shards: readonly ShardCoverageJson[]): Fleet {
  const known = new Map<string, { readonly store: StoreJson; readonly kind: string }>();
  for (const [kind, list] of Object.entries(stores))
    if (kind !== 'discovery') for (const store of list) known.set(store.name, { store, kind });
  const grouped = shards.map((shard) => {
    const endpoints: FleetEndpoint[] = [];
    for (const coverage of shard.endpoints) {
      const found = known.get(coverage.endpoint);
      known.delete(coverage.endpoint);
      if (found !== undefined)
        endpoints.push({ ...found, coverage, replica: replicaOf(found.store, shard.labels) });
    }
    return shardOf(shard, endpoints);
  });
  return {
    shards: grouped.filter(({ endpoints }) => endpoints.length > 0),
    sources: stores['discovery'] ?? [],
    others: [...known.values()].map((each) => ({ ...each, replica: '', coverage: undefined })),
  };
}

function shardOf(shard: ShardCoverageJson, endpoints: readonly FleetEndpoint[]): FleetShard {
  const { labels, start, end, missingEverywhere: missing, targets } = shard;
  const range = start === undefined || end === undefined ? undefined : { start, end };
  return { labels, endpoints, range, missing, targets, state: stateOf(endpoints, missing) };
}

function stateOf(endpoints: readonly FleetEndpoint[], missing: HolesJson): ShardState {
  if (endpoints.every(({ store }) => store.health === 'down')) return 'failed';
  if (missing.holes.length > 0) return 'missing';
  const down = new Set(
    endpoints.filter(({ store }) => store.health === 'down').map(({ store }) => store.name),
  );
  if (endpoints.some((each) => (down.has(each.store.name) ? isLoss(each) : lacksWithout(each, down))))
    return 'missing';
  const isPatched = down.size > 0 || endpoints.some(({ coverage }) => coverage?.coverage === 'lacks');
  return isPatched ? 'patched' : 'whole';
}

/** Whether an endpoint that is down has what no other has. Where that is not known, a query says that something may be missing, too. */
function isLoss({ coverage }: FleetEndpoint): boolean {
  const lost = coverage?.lostWithIt;
  return lost === undefined || lost === 'all' || lost.holes.length > 0;
}

/** Whether it lacks what those alone have that are down. */
function lacksWithout({ coverage }: FleetEndpoint, down: ReadonlySet<string>): boolean {
  return (coverage?.lacks?.holes ?? []).some(
    ({ heldBy = [] }) => heldBy.length > 0 && heldBy.every((id) => down.has(id)),
  );
}

/** As it is known now. */
export const knownFleet: Signal<Fleet | undefined> = signal(undefined);

/** The values of the labels that its shard does not have. */
function replicaOf({ labelSets }: StoreJson, shard: LabelsJson): string {
  const own = labelSets.flatMap((labels) =>
    Object.entries(labels)
      .filter(([name]) => !Object.hasOwn(shard, name))
      .map(([, value]) => value),
  );
  return [...new Set(own)].join(' ');
}

/** The health of the whole: its worst state, and a sentence. */
export function healthOf({ shards, others }: Fleet): { readonly state: ShardState; readonly text: string } {
  const endpoints = [...shards.flatMap((shard) => shard.endpoints), ...others];
  const down = endpoints.filter(({ store }) => store.health === 'down').length;
  const counts = SHARD_STATES.map((state) => ({
    state,
    count: shards.filter((shard) => shard.state === state).length,
  })).filter(({ count }) => count > 0);
  const parts = counts.map(
    ({ state, count }, i) =>
      `${i === 0 ? plural(count, 'shard') : count} ${state === 'failed' ? 'down' : state}`,
  );
  if (endpoints.length === 0) parts.push('no endpoints');
  else if (parts.length === 0) parts.push(plural(endpoints.length, 'endpoint'));
  if (down > 0) parts.push(`${plural(down, 'endpoint')} down`);
  const state = counts.at(-1)?.state ?? (down > 0 ? 'missing' : 'whole');
  return { state, text: parts.join(' · ') };
}
