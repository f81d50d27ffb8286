import type { FastifyInstance } from 'fastify';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { sendJson } from '../respond.ts';
import { data, described } from '../openapi/operation.ts';
import { QUERY_OPTIONS } from '../openapi/parameters.ts';
import { object, STRING } from '../openapi/schema.ts';

/** `/api/v1/format_query` and `/api/v1/parse_query`. */
export function formatQueryRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/format_query',
    ...described({
      access: 'open',
      summary: 'An expression in canonical form',
      parameters: [QUERY_OPTIONS[0]!],
      answer: data(STRING),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      return sendJson(request, reply, gateway.formatQuery(form.get('query')));
    },
  });

  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/parse_query',
    ...described({
      access: 'open',
      summary: 'The syntax tree of an expression',
      parameters: [QUERY_OPTIONS[0]!],
      answer: data(object({ type: STRING })),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      return sendJson(request, reply, gateway.parseQuery(form.get('query')), 'sorted');
    },
  });
}
