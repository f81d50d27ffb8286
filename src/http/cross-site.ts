import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { sendText } from './respond.ts';

/** Requests that change something. Queries come by POST, too, and pages of other origins may be allowed to send them. */
const BY_METHOD: ReadonlySet<string> = new Set(['DELETE', 'PUT', 'PATCH']);
const CONTROL = '/-/';

/**
 * Refuses requests that change something where a browser sends them for a page of another site: it would show the credentials of its
 * user with them. Other clients send neither of the headers by which it is seen.
 * @param externalHost where clients reach this server, where a proxy changes the header Host.
 */
export function refuseOtherSites(server: FastifyInstance, externalHost: string | undefined): void {
  server.addHook('onRequest', async ({ method, headers, routeOptions: { url = '' } }, reply) => {
    const changes = BY_METHOD.has(method) || (method === 'POST' && url.startsWith(CONTROL));
    if (!changes || isOfThisSite(headers, externalHost)) return undefined;
    return sendText(reply, 403, 'Pages of other sites may change nothing here.\n');
  });
}

function isOfThisSite(headers: Readonly<IncomingHttpHeaders>, externalHost: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  const ofPage = URL.canParse(origin) ? new URL(origin).host : undefined;
  // Pages cannot set it, so it was a proxy.
  const forwarded = headers['x-forwarded-host'];
  return ofPage !== undefined && [host, forwarded, externalHost].includes(ofPage);
}
