import type { FastifyInstance } from 'fastify';
import { NO_TARGETS } from '../../backend/list-calls.ts';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeItems, encodeList, encodeMap, encodeObject, type Members } from '../json/object.ts';
import type { ActiveTargetJson, DroppedTargetJson, ReplicaTargetJson } from '../api/targets.ts';
import { encodeString, encodeLabels } from '../json/text.ts';
import { readText } from '../parameters/read-parameter.ts';
import { sendData } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import { encodeReplicaName, readShowReplicas, replicasOf, SHOW_REPLICAS } from './replica-name.ts';
import type { ActiveTarget, DroppedTarget, ReplicaTarget, TargetDiscovery } from '../../model/targets.ts';
import { encodeInstant } from '../json/scalars.ts';
import { data, described } from '../openapi/operation.ts';
import { parameter, WISHES } from '../openapi/parameters.ts';
import { INTEGER, list, map, nullable, NUMBER, object, oneOfWords, ref, STRING } from '../openapi/schema.ts';

const STATES = ['any', 'active', 'dropped'] as const;

const TARGETS = object({
  activeTargets: list(
    object({
      discoveredLabels: ref('Labels'),
      labels: ref('Labels'),
      scrapePool: STRING,
      scrapeUrl: STRING,
      lastError: STRING,
      lastScrape: ref('Instant'),
      lastScrapeDuration: NUMBER,
      health: STRING,
      'replicas?': replicasOf({ health: STRING, lastError: STRING, lastScrape: ref('Instant') }),
    }),
  ),
  droppedTargets: list(object({ discoveredLabels: ref('Labels') })),
  droppedTargetCounts: nullable(map(INTEGER)),
});

/** `/api/v1/targets` and `/api/v1/scrape_pools`. */
export function targetsRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get(
    '/api/v1/targets',
    described({
      access: 'tenant',
      summary: 'Targets of all endpoints',
      parameters: [
        parameter('state', 'Which ones.', oneOfWords(...STATES)),
        parameter('scrapePool', 'Of which pool.', STRING),
        SHOW_REPLICAS,
        ...WISHES,
      ],
      answer: data(TARGETS),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const asked = readText(form, 'state').toLowerCase() || 'any';
      const state = STATES.find((one) => one === asked);
      // Prometheus takes any state. No target is in one that does not exist.
      if (state === undefined) return sendData(request, reply, encodeTargets(NO_TARGETS, false));
      const query = { state, scrapePool: form.get('scrapePool'), showReplicas: readShowReplicas(form) };
      const scope = beginRequest(gateway, request, form);
      const targets = await gateway.lists.targets(scope, query);
      return sendData(
        request,
        reply,
        encodeTargets(targets, state !== 'active'),
        toRemarks(scope, targets.annotations),
      );
    },
  );

  server.get(
    '/api/v1/scrape_pools',
    described({
      access: 'tenant',
      summary: 'Scrape pools of all endpoints',
      parameters: WISHES,
      answer: data(object({ scrapePools: list(STRING) })),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const scope = beginRequest(gateway, request, form);
      const { items, annotations } = await gateway.lists.scrapePools(scope);
      const pools = ['{"scrapePools":', encodeItems(items, encodeString), '}'];
      return sendData(request, reply, pools, toRemarks(scope, annotations));
    },
  );
}

/** Targets as `/api/v1/targets` shows them; counts are null where dropped targets were not asked for. */
function* encodeTargets(targets: TargetDiscovery, showDropped: boolean): Generator<string> {
  yield '{"activeTargets":';
  yield* encodeList(targets.active, encodeActive);
  yield ',"droppedTargets":';
  yield* encodeList(targets.dropped, encodeDropped);
  yield `,"droppedTargetCounts":${showDropped ? encodeMap(targets.droppedCounts ?? new Map(), String) : 'null'}}`;
}

function encodeActive(target: ActiveTarget): string {
  return encodeObject({
    discoveredLabels: encodeLabels(target.discoveredLabels),
    labels: encodeLabels(target.labels),
    scrapePool: encodeString(target.scrapePool),
    scrapeUrl: encodeString(target.scrapeUrl),
    globalUrl: encodeString(target.globalUrl),
    lastError: encodeString(target.lastError),
    lastScrape: encodeInstant(target.lastScrape),
    lastScrapeDuration: String(target.lastScrapeDuration),
    health: encodeString(target.health),
    scrapeInterval: encodeString(target.scrapeInterval),
    scrapeTimeout: encodeString(target.scrapeTimeout),
    replicas: target.replicas && encodeItems(target.replicas, encodeReplica),
  } satisfies Members<ActiveTargetJson>);
}

function encodeReplica(replica: ReplicaTarget): string {
  return encodeObject({
    ...encodeReplicaName(replica),
    health: encodeString(replica.health),
    lastError: encodeString(replica.lastError),
    lastScrape: encodeInstant(replica.lastScrape),
  } satisfies Members<ReplicaTargetJson>);
}

function encodeDropped({ discoveredLabels, scrapePool }: DroppedTarget): string {
  return encodeObject({
    discoveredLabels: encodeLabels(discoveredLabels),
    scrapePool: encodeString(scrapePool),
  } satisfies Members<DroppedTargetJson>);
}
