import type { FastifyInstance } from 'fastify';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeLabels } from '../encode/labels.ts';
import { readMetadataQuery } from '../parameters/metadata-query.ts';
import { sendList } from '../respond.ts';

/** `/api/v1/series`. */
export function seriesRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/series',
    handler: async (request, reply) => {
      const query = readMetadataQuery(await requestForm(request));
      return sendList(request, reply, await gateway.series(query, request.signal), encodeLabels);
    },
  });
}
