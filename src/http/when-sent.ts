import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bug } from '../model/errors.ts';

/** Requests on one connection that may wait for the answer to another, with room for the listeners of the server itself. */
const MOST_BEHIND = 200;

/** An answer, and what waits for its end. */
interface Tracked {
  readonly answer: ServerResponse;
  /** Undefined as long as nothing waits, and once it is over. */
  waiting: (() => void)[] | undefined;
  isOver: boolean;
}

const ANSWERS = new WeakMap<IncomingMessage, Tracked>();

/** Lets {@link whenSent} find the answer of a request. */
export function trackAnswer(request: IncomingMessage, answer: ServerResponse): void {
  if (!ANSWERS.has(request)) ANSWERS.set(request, { answer, waiting: undefined, isOver: false });
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
  const tracked = ANSWERS.get(raw) ?? bug('the request came by no server');
  if (tracked.isOver || tracked.answer.destroyed) callback();
  else if (tracked.waiting !== undefined) tracked.waiting.push(callback);
  else {
    tracked.waiting = [callback];
    listen(raw, tracked);
  }
}

/** One listener an answer, however much waits: Node warns of many, and each costs. */
function listen({ socket }: IncomingMessage, tracked: Tracked): void {
  const { answer } = tracked;
  // The event comes in every case, unlike the hook onResponse, but for an answer that waits behind another one on its connection: there
  // some versions of Node end it without a word.
  const isBehindAnother = answer.socket === null;
  const over = (): void => {
    answer.off('close', over);
    socket.off('close', over);
    tracked.isOver = true;
    const { waiting = [] } = tracked;
    tracked.waiting = undefined;
    for (const callback of waiting) callback();
  };
  answer.once('close', over);
  if (!isBehindAnother) return;
  socket.setMaxListeners(MOST_BEHIND);
  socket.once('close', over);
}
