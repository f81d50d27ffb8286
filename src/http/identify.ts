import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bug } from '../model/errors.ts';
import type { Sampler } from '../model/trace-context.ts';
import { answeredIds, loggedIds, requestIds, type RequestIds } from '../model/request-ids.ts';

const IDS = new WeakMap<IncomingMessage, RequestIds>();

/** Gives each request its ids, and its answer the headers that tell them, whatever becomes of it. It must come before all that logs. */
export function identifyRequests(server: FastifyInstance, sample: Sampler | undefined): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { headers } = request.raw;
    const ids = requestIds((name) => headers[name], sample);
    IDS.set(request.raw, ids);
    reply.headers(answeredIds(ids));
    done();
  });
}

export function idsOf({ raw }: Pick<FastifyRequest, 'raw'>): RequestIds {
  return IDS.get(raw) ?? bug('the request came by no server');
}

/** A request as the log names it. Its path alone: anything may stand in what follows it, secrets included. */
export function aboutRequest(request: Pick<FastifyRequest, 'raw' | 'url'>): Readonly<Record<string, string>> {
  const ids = IDS.get(request.raw);
  return { ...(ids !== undefined && loggedIds(ids)), path: request.url.split('?', 1)[0]! };
}
