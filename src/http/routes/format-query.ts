import type { FastifyInstance } from 'fastify';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { sendJson } from '../respond.ts';

/** `/api/v1/format_query` and `/api/v1/parse_query`. */
export function formatQueryRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/format_query',
    handler: async (request, reply) => {
      const form = requestForm(request);
      return sendJson(request, reply, gateway.formatQuery(form.get('query')));
    },
  });

  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/parse_query',
    handler: async (request, reply) => {
      const form = requestForm(request);
      return sendJson(request, reply, gateway.parseQuery(form.get('query')), 'sorted');
    },
  });
}
