import type { FastifyInstance } from 'fastify';
import { NO_TARGETS } from '../../backend/operations.ts';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeTargetMetadata } from '../encode/metadata.ts';
import { encodeItems } from '../encode/object.ts';
import { encodeString } from '../encode/string.ts';
import { encodeTargets } from '../encode/targets.ts';
import { readRequestOptions } from '../parameters/request-options.ts';
import { readWholeNumber } from '../parameters/whole-number.ts';
import { sendData, sendList } from '../respond.ts';

const STATES = ['any', 'active', 'dropped'] as const;

/** `/api/v1/targets`, `/api/v1/targets/metadata` and `/api/v1/scrape_pools`. */
export function targetsRoutes(server: FastifyInstance, { gateway: { operations } }: HttpOptions): void {
  server.get('/api/v1/targets', async (request, reply) => {
    const form = await requestForm(request);
    const options = readRequestOptions(form);
    const asked = form.get('state').toLowerCase() || 'any';
    const state = STATES.find((one) => one === asked);
    // No target is in a state that does not exist, says Prometheus.
    if (state === undefined) return sendData(request, reply, encodeTargets(NO_TARGETS, false));
    const query = { state, scrapePool: form.get('scrapePool'), ...options };
    const targets = await operations.targets(query, request.signal);
    return sendData(
      request,
      reply,
      encodeTargets(targets, state !== 'active'),
      toRemarks(targets.annotations, ''),
    );
  });

  server.get('/api/v1/targets/metadata', async (request, reply) => {
    const form = await requestForm(request);
    const limit = readWholeNumber(form, 'limit');
    const query = {
      metric: form.get('metric'),
      matchTarget: form.get('match_target'),
      limit: limit !== undefined && limit < 0 ? undefined : limit,
      ...readRequestOptions(form),
    };
    const found = await operations.targetMetadata(query, request.signal);
    return sendList(request, reply, found, (item) => encodeTargetMetadata(item, query.metric === ''));
  });

  server.get('/api/v1/scrape_pools', async (request, reply) => {
    const query = readRequestOptions(await requestForm(request));
    const { items, annotations } = await operations.scrapePools(query, request.signal);
    const data = ['{"scrapePools":', encodeItems(items, encodeString), '}'];
    return sendData(request, reply, data, toRemarks(annotations, ''));
  });
}
