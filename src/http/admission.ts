import type { FastifyReply, FastifyRequest } from 'fastify';
import { NO_GATEKEEPER, type Gatekeeper, type Visitor } from '../access/gatekeeper.ts';
import { RateLimit, type Rate } from '../model/rate-limit.ts';
import type { Clock } from '../model/clock.ts';
import { addressOf, keepIdentity } from './caller.ts';
import { sendText } from './respond.ts';
import { peerSubject } from './secure-connections.ts';

/** Who may ask the server what, and how fast. */
export interface HttpAccess {
  readonly gatekeeper: Gatekeeper;
  readonly rate: () => Rate;
  /** Headers of every answer. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** The hosts that are served, in lower case; any where it is undefined. */
  readonly hosts: () => ReadonlySet<string> | undefined;
  /** Where clients reach this server. */
  readonly externalHost: string | undefined;
}

/** Asks nobody who it is. */
export const OPEN_TO_ALL: HttpAccess = {
  gatekeeper: NO_GATEKEEPER,
  rate: () => ({ interval: 0, burst: 0 }),
  headers: () => ({}),
  hosts: () => undefined,
  externalHost: undefined,
};

/** No answer is to be run as a script, or to be shown inside of a page of others. A web configuration may say something else. */
const ALWAYS = { 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'deny' };

/** Lets a request in, or answers it: then it resolves to the reply. Rejects where too many wait to be looked at. */
export type Door = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Lets requests in whose caller may ask, in the order and with the answers of Prometheus (exporter-toolkit web/handler.go). The body of
 * others is not read.
 */
export function doorOf({ gatekeeper, rate, headers }: HttpAccess, clock: Clock): Door {
  const limit = new RateLimit(clock);
  return async (request, reply) => {
    reply.headers(ALWAYS);
    if (!limit.allows(rate())) return sendText(reply, 429, 'Too Many Requests\n');
    reply.headers(headers());
    const visitor: Visitor = {
      address: addressOf(request),
      header: (name) => request.headers[name],
      certificate: peerSubject(request.raw.socket),
      isProvenByCertificate: false,
    };
    const { url = '' } = request.routeOptions;
    const verdict = gatekeeper.admitAtOnce(visitor, url) ?? (await gatekeeper.admit(visitor));
    if (verdict.kind === 'refused')
      return sendText(reply.header('WWW-Authenticate', verdict.challenges), 401, 'Unauthorized\n');
    keepIdentity(request, verdict.identity);
    return undefined;
  };
}
