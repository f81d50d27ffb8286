import type { FastifyInstance } from 'fastify';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeExemplars } from '../encode/exemplars.ts';
import { readOptionalTime } from '../parameters/read-parameter.ts';
import { readRequestOptions } from '../parameters/request-options.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';
import { sendList } from '../respond.ts';

/** `/api/v1/query_exemplars`. */
export function exemplarsRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/query_exemplars',
    handler: async (request, reply) => {
      const form = await requestForm(request);
      const query = {
        minTime: readOptionalTime(form, 'start', MIN_TIME),
        maxTime: readOptionalTime(form, 'end', MAX_TIME),
        text: form.get('query'),
        ...readRequestOptions(form),
      };
      const found = await gateway.operations.exemplars(query, request.signal);
      // As Prometheus, which has no data to answer then.
      if (!found.hasSelectors) return reply.code(204).send();
      return sendList(request, reply, found, encodeExemplars);
    },
  });
}
