import type { FastifyInstance } from 'fastify';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeString } from '../encode/string.ts';
import { unescapeLabelName } from '../parameters/label-name.ts';
import { readMetadataQuery } from '../parameters/metadata-query.ts';
import { sendList } from '../respond.ts';

/** `/api/v1/labels` and `/api/v1/label/<name>/values`. */
export function labelRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/labels',
    handler: async (request, reply) => {
      const query = readMetadataQuery(await requestForm(request));
      return sendList(request, reply, await gateway.labelNames(query, request.signal), encodeString);
    },
  });

  server.route<{ Params: { readonly name: string } }>({
    method: 'GET',
    url: '/api/v1/label/:name/values',
    handler: async (request, reply) => {
      const name = unescapeLabelName(request.params.name);
      const query = readMetadataQuery(await requestForm(request));
      return sendList(request, reply, await gateway.labelValues(name, query, request.signal), encodeString);
    },
  });
}
