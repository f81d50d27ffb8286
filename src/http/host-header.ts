import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { QueryError } from '../model/errors.ts';
import { toHttpFailure } from './errors.ts';
import { sendFailure, sendText } from './respond.ts';

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

/**
 * Refuses requests for other hosts than these: a page whose name was made to lead here could read all that its user may
 * (DNS rebinding). Addresses and `localhost` are always taken, as no name leads to them.
 * @param hosts in lower case and without ports; any where it is undefined.
 */
export function refuseOtherHosts(
  server: FastifyInstance,
  hosts: () => ReadonlySet<string> | undefined,
): void {
  server.addHook('onRequest', async ({ headers: { host = '' } }, reply) => {
    const allowed = hosts();
    if (allowed === undefined || isTaken(host, allowed)) return undefined;
    return sendText(
      reply,
      421,
      'This host is not served here; name it in --web.allowed-host or --web.external-url.\n',
    );
  });
}

function isTaken(host: string, allowed: ReadonlySet<string>): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  return name === 'localhost' || isIP(name.replaceAll(/[[\]]/g, '')) !== 0 || allowed.has(name);
}
