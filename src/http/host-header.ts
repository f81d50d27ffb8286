import type { FastifyInstance } from 'fastify';
import { QueryError } from '../model/errors.ts';
import { toHttpFailure } from './errors.ts';
import { sendFailure } from './respond.ts';

/**
 * Refuses requests with two Host headers, as Go's servers do (RFC 9112 §3.2). Node takes the first, and a proxy in front may
 * have taken the other to decide.
 */
export function refuseTwoHosts(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (countHosts(request.raw.rawHeaders) < 2) return done();
    const problem = new QueryError('bad_data', 'the request has two Host headers; send one');
    void sendFailure(reply.header('Connection', 'close'), toHttpFailure(problem));
  });
}

/** Names and values take turns. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.toLowerCase() === 'host') count++;
  return count;
}
