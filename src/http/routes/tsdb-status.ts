import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeTsdbStatistics } from '../encode/tsdb-statistics.ts';
import { readRequestOptions } from '../parameters/request-options.ts';
import { readTsdbLimit } from '../parameters/tsdb-limit.ts';
import { sendData } from '../respond.ts';

/** `/api/v1/status/tsdb`; with `match[]`, as Thanos has it, of endpoints whose external labels match. */
export function tsdbStatusRoutes(server: FastifyInstance, { gateway: { operations } }: HttpOptions): void {
  server.get('/api/v1/status/tsdb', async (request, reply) => {
    const form = await requestForm(request);
    const query = {
      limit: readTsdbLimit(form),
      selectors: form.all('match[]'),
      matchers: [],
      ...readRequestOptions(form),
    };
    const { total, annotations } = await operations.tsdbStatistics(query, request.signal);
    return sendData(request, reply, [encodeTsdbStatistics(total)], toRemarks(annotations, ''));
  });
}
