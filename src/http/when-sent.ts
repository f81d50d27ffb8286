import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bug } from '../model/errors.ts';

const ANSWERS = new WeakMap<IncomingMessage, ServerResponse>();

/** Lets {@link whenSent} find the answer of each request. It must come before all hooks that use it. */
export function trackAnswers(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    ANSWERS.set(request.raw, reply.raw);
    done();
  });
}

/**
 * Calls back once, when the last byte of the answer was handed to the system, or when it never will be: the client left,
 * was cut off, or the answer broke off. Until then an answer may be read from what the request holds, so that is the place to
 * release it. At once where that was before. The callback must not throw.
 */
export function whenSent({ raw }: Pick<FastifyRequest, 'raw'>, callback: () => void): void {
  const answer = ANSWERS.get(raw) ?? bug('the request came by no server');
  // The event comes in every case, unlike the hook onResponse.
  if (answer.destroyed) callback();
  else answer.once('close', callback);
}
