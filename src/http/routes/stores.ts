import type { FastifyInstance } from 'fastify';
import type { BreakerJson, HealthChangeJson, StoreJson } from '../api/stores.ts';
import type { HttpOptions } from '../context.ts';
import { sendData } from '../respond.ts';
import type { HealthChange, SourceStatus } from '../../cluster/topology.ts';
import type { BreakerStatus } from '../../cluster/vitals/breaker-status.ts';
import type { EndpointStatus } from '../../gateway/endpoint-status.ts';
import { instantFromMs, ZERO_INSTANT } from '../../model/instant.ts';
import { encodeInstant, encodeInt64 } from '../json/scalars.ts';
import { encodeLabels, encodeString } from '../json/text.ts';
import { encodeItems, encodeMap, encodeObject, type Members } from '../json/object.ts';
import { data, described } from '../openapi/operation.ts';
import { INTEGER, list, map, nullable, object, ref, STRING } from '../openapi/schema.ts';

const STORE = object({
  name: STRING,
  lastCheck: ref('Instant'),
  lastError: nullable(STRING),
  labelSets: list(ref('Labels')),
  minTime: INTEGER,
  maxTime: INTEGER,
  health: STRING,
  'breaker?': object({ state: STRING, since: nullable(ref('Instant')) }),
  'changes?': list(object({ health: STRING, since: ref('Instant') })),
});

/** `/api/v1/stores`: the endpoints as Thanos Query lists them. */
export function storesRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get(
    '/api/v1/stores',
    described({ access: 'operator', summary: 'Endpoints by kind', answer: data(map(list(STORE))) }),
    async (request, reply) =>
      sendData(request, reply, [encodeStores(gateway.lists.stores(), gateway.lists.sources())]),
  );
}

/**
 * Endpoints by kind as Thanos' `/api/v1/stores` shows them (pkg/query `EndpointStatus`), and how they are read. The
 * places where endpoints are looked for come last. They have the same form and are a kind of their own.
 */
function encodeStores(
  stores: ReadonlyMap<string, readonly EndpointStatus[]>,
  sources: readonly SourceStatus[],
): string {
  const kinds = sources.length === 0 ? stores : new Map([...stores, ['discovery', sources.map(asStore)]]);
  return encodeMap(kinds, (list) => encodeItems(list, encodeStore));
}

function encodeStore(store: EndpointStatus): string {
  const { lastCheck, lastError } = store;
  return encodeObject({
    name: encodeString(store.name),
    lastCheck: encodeInstant(lastCheck === undefined ? ZERO_INSTANT : instantFromMs(lastCheck)),
    lastError: lastError === undefined ? 'null' : encodeString(lastError),
    labelSets: encodeItems(store.labelSets, encodeLabels),
    // Thanos writes the ends of int64 for a time range without bounds.
    minTime: encodeInt64(store.minTime),
    maxTime: encodeInt64(store.maxTime),
    health: encodeString(store.health),
    protocol: encodeString(store.protocol),
    version: encodeString(store.version),
    breaker: store.breaker === undefined ? undefined : encodeBreaker(store.breaker),
    changes: store.changes === undefined ? undefined : encodeItems(store.changes, encodeChange),
  } satisfies Members<StoreJson>);
}

function encodeChange({ health, since }: HealthChange): string {
  return encodeObject({
    health: encodeString(health),
    since: encodeInstant(instantFromMs(since)),
  } satisfies Members<HealthChangeJson>);
}

function encodeBreaker({ state, since, reason, usualMs }: BreakerStatus): string {
  return encodeObject({
    state: encodeString(state),
    since: since === undefined ? 'null' : encodeInstant(instantFromMs(since)),
    reason: reason === undefined ? 'null' : encodeString(reason),
    usualSeconds: usualMs === undefined ? 'null' : String(usualMs / 1000),
  } satisfies Members<BreakerJson>);
}

function asStore({ name, problem, checkedAt }: SourceStatus): EndpointStatus {
  const health = problem === undefined ? 'up' : 'down';
  return {
    name,
    lastCheck: checkedAt,
    lastError: problem,
    labelSets: [],
    minTime: -Infinity,
    maxTime: Infinity,
    health: checkedAt === undefined ? 'pending' : health,
    breaker: undefined,
    protocol: '',
    version: '',
  };
}
