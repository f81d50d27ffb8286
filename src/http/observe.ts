import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from './context.ts';

/** Stands for every path that no route serves: clients must not be able to make up series. */
const NO_ROUTE = 'other';

/** Counts and times requests by route and status, and logs those that fail on our side. */
export function observeRequests(server: FastifyInstance, { metrics, logger }: HttpOptions): void {
  server.addHook('onRequest', async () => {
    metrics.requestStarted();
  });
  server.addHook('onResponse', async (request, reply) => {
    const handler = request.is404 ? NO_ROUTE : (request.routeOptions.url ?? NO_ROUTE);
    metrics.requestFinished(handler, reply.statusCode, reply.elapsedTime / 1000);
  });
  server.addHook('onError', async (request, _reply, error) => {
    logger.debug({ method: request.method, path: request.url, err: error }, 'request failed');
  });
}
