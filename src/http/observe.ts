import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpOptions } from './context.ts';
import { ageOf } from './caller.ts';
import { aboutRequest } from './identify.ts';
import { whenSent } from './when-sent.ts';

/** Stands for every path that no route serves, because clients must not be able to make up series. */
const NO_ROUTE = 'other';

/** Stands for the status of answers that did not reach their end: the client left, or the answer broke off. */
const CUT_SHORT = 'aborted';

/** Counts and times requests by route and status, and logs those that fail. */
export function observeRequests(server: FastifyInstance, { metrics, logger, clock }: HttpOptions): void {
  server.addHook('onRequest', async (request, reply) => {
    const started = clock.monotonic() - ageOf(request);
    metrics.requestStarted();
    let code = CUT_SHORT;
    reply.raw.once('finish', () => {
      code = String(reply.raw.statusCode);
    });
    whenSent(request, () => {
      const seconds = (clock.monotonic() - started) / 1000;
      metrics.requestFinished(handlerOf(request), code, seconds);
    });
  });
  server.addHook('onError', async (request, _reply, error) => {
    logger.debug({ ...aboutRequest(request), method: request.method, err: error }, 'request failed');
  });
}

function handlerOf(request: FastifyRequest): string {
  return request.is404 ? NO_ROUTE : (request.routeOptions.url ?? NO_ROUTE);
}
