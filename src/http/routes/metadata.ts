import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeMetadata } from '../encode/metadata.ts';
import { readRequestOptions } from '../parameters/request-options.ts';
import { readWholeNumber } from '../parameters/whole-number.ts';
import { sendData } from '../respond.ts';

/** `/api/v1/metadata`. */
export function metadataRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get('/api/v1/metadata', async (request, reply) => {
    const form = await requestForm(request);
    const [limit, perMetric] = [readWholeNumber(form, 'limit'), readWholeNumber(form, 'limit_per_metric')];
    const query = {
      metric: form.get('metric'),
      limit: limit !== undefined && limit < 0 ? undefined : limit,
      // Here, other than above, 0 means no limit.
      limitPerMetric: perMetric !== undefined && perMetric <= 0 ? undefined : perMetric,
      ...readRequestOptions(form),
    };
    const { metrics, annotations } = await gateway.operations.metadata(query, request.signal);
    return sendData(request, reply, encodeMetadata(metrics), toRemarks(annotations, ''));
  });
}
