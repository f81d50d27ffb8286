import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';

/** `/metrics`: the metrics of this server itself. */
export function metricsRoutes(server: FastifyInstance, { metrics }: HttpOptions): void {
  server.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.exposition();
    return reply.header('Content-Type', contentType).send(text);
  });
}
