import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bug } from '../model/errors.ts';

/** Requests on one connection that may wait for the answer to another, with room for the listeners of the server itself. */
const MOST_BEHIND = 200;

const ANSWERS = new WeakMap<IncomingMessage, ServerResponse>();

/** Lets {@link whenSent} find the answer of a request. */
export function trackAnswer(request: IncomingMessage, answer: ServerResponse): void {
  ANSWERS.set(request, answer);
}

/** The same for each request of a server. It must come before all hooks that use it. */
export function trackAnswers(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    trackAnswer(request.raw, reply.raw);
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
  if (answer.destroyed) {
    callback();
    return;
  }
  // The event comes in every case, unlike the hook onResponse, but for an answer that waits behind another one on its connection: there
  // some versions of Node end it without a word.
  const { socket } = raw;
  const isBehindAnother = answer.socket === null;
  const over = (): void => {
    answer.off('close', over);
    socket.off('close', over);
    callback();
  };
  answer.once('close', over);
  if (!isBehindAnother) return;
  socket.setMaxListeners(MOST_BEHIND);
  socket.once('close', over);
}
