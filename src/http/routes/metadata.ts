import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { readLimit } from '../parameters/limits.ts';
import { sendCatalog, sendList } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import type { MetricMetadata, TargetMetadata } from '../../model/metric-metadata.ts';
import { encodeLabels, encodeString } from '../json/text.ts';
import { encodeItems, encodeObject } from '../json/object.ts';
import { data, described } from '../openapi/operation.ts';
import { limitOf, parameter, WISHES } from '../openapi/parameters.ts';
import { INTEGER, list, map, object, ref, STRING } from '../openapi/schema.ts';

const METRIC = parameter('metric', 'The only metric to tell of.', STRING);
const ABOUT = { type: STRING, unit: STRING, help: STRING };

/** `/api/v1/metadata` and `/api/v1/targets/metadata`. */
export function metadataRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get(
    '/api/v1/metadata',
    described({
      access: 'tenant',
      summary: 'What targets say about their metrics',
      parameters: [
        METRIC,
        limitOf('metrics'),
        parameter('limit_per_metric', 'Most items of one metric.', INTEGER),
        ...WISHES,
      ],
      answer: data(map(list(object(ABOUT)))),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const query = {
        metric: form.get('metric'),
        limit: readLimit(form, 'limit', 0),
        // Here 0 is no limit, unlike above.
        limitPerMetric: readLimit(form, 'limit_per_metric', 1),
      };
      const scope = beginRequest(gateway, request, form);
      const { metrics, annotations } = await gateway.lists.metadata(scope, query);
      return sendCatalog(request, reply, encodeMetadata(metrics), toRemarks(scope, annotations));
    },
  );

  server.get(
    '/api/v1/targets/metadata',
    described({
      access: 'tenant',
      summary: 'The same by target',
      parameters: [
        METRIC,
        parameter('match_target', 'A selector of targets.', STRING),
        limitOf('targets'),
        ...WISHES,
      ],
      answer: data(list(object({ target: ref('Labels'), 'metric?': STRING, ...ABOUT }))),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const query = {
        metric: form.get('metric'),
        matchTarget: form.get('match_target'),
        limit: readLimit(form, 'limit', 0),
      };
      const scope = beginRequest(gateway, request, form);
      const found = await gateway.lists.targetMetadata(scope, query);
      return sendList(request, reply, scope, found, (item) =>
        encodeTargetMetadata(item, query.metric === ''),
      );
    },
  );
}

/** Metadata by metric as `/api/v1/metadata` shows it. */
function* encodeMetadata(metrics: ReadonlyMap<string, readonly MetricMetadata[]>): Generator<string> {
  let separator = '';
  yield '{';
  for (const [metric, list] of metrics) {
    yield `${separator}${encodeString(metric)}:${encodeItems(list, encodeItem)}`;
    separator = ',';
  }
  yield '}';
}

function encodeItem({ type, unit, help }: MetricMetadata): string {
  return encodeObject({ type: encodeString(type), unit: encodeString(unit), help: encodeString(help) });
}

/** One item of `/api/v1/targets/metadata`, where the metric is shown if none was asked for. */
function encodeTargetMetadata(item: TargetMetadata, showMetric: boolean): string {
  return encodeObject({
    target: encodeLabels(item.target),
    metric: showMetric ? encodeString(item.metric) : undefined,
    type: encodeString(item.type),
    help: encodeString(item.help),
    unit: encodeString(item.unit),
  });
}
