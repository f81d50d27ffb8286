import type { FastifyInstance } from 'fastify';
import { NO_TARGETS } from '../../backend/list-calls.ts';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeItems, encodeList, encodeMap, encodeObject } from '../json/object.ts';
import { encodeString, encodeLabels } from '../json/text.ts';
import { readText } from '../parameters/read-parameter.ts';
import { sendData } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import type { ActiveTarget, DroppedTarget, TargetDiscovery } from '../../model/targets.ts';
import { encodeInstant } from '../json/scalars.ts';

const STATES = ['any', 'active', 'dropped'] as const;

/** `/api/v1/targets` and `/api/v1/scrape_pools`. */
export function targetsRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get('/api/v1/targets', async (request, reply) => {
    const form = requestForm(request);
    const asked = readText(form, 'state').toLowerCase() || 'any';
    const state = STATES.find((one) => one === asked);
    // Prometheus takes any state. No target is in one that does not exist.
    if (state === undefined) return sendData(request, reply, encodeTargets(NO_TARGETS, false));
    const query = { state, scrapePool: form.get('scrapePool') };
    const scope = beginRequest(gateway, request, form);
    const targets = await gateway.lists.targets(scope, query);
    return sendData(
      request,
      reply,
      encodeTargets(targets, state !== 'active'),
      toRemarks(scope, targets.annotations),
    );
  });

  server.get('/api/v1/scrape_pools', async (request, reply) => {
    const form = requestForm(request);
    const scope = beginRequest(gateway, request, form);
    const { items, annotations } = await gateway.lists.scrapePools(scope);
    const data = ['{"scrapePools":', encodeItems(items, encodeString), '}'];
    return sendData(request, reply, data, toRemarks(scope, annotations));
  });
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
  });
}

function encodeDropped({ discoveredLabels, scrapePool }: DroppedTarget): string {
  return encodeObject({
    discoveredLabels: encodeLabels(discoveredLabels),
    scrapePool: encodeString(scrapePool),
  });
}
