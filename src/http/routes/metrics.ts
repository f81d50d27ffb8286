import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { described, PLAIN_TEXT } from '../openapi/operation.ts';

/** `/metrics`: the metrics of this server itself. */
export function metricsRoutes(server: FastifyInstance, { metrics }: HttpOptions): void {
  server.get(
    '/metrics',
    described({ access: 'operator', summary: 'Metrics of this server', answer: PLAIN_TEXT }),
    async (_request, reply) => {
      const { contentType, text } = await metrics.exposition();
      return reply.header('Content-Type', contentType).send(text);
    },
  );
}
