import type { FastifyInstance } from 'fastify';
import { ANY_ORIGIN } from '../model/any-origin.ts';
import { WARNINGS_HEADER } from '../model/warnings-header.ts';
import { compileRegex } from '../promql/match/compile-regex.ts';

/** What an answer says to pages of an origin, so that they may read it; undefined where they may not. */
export type AllowedOrigins = (origin: string) => string | undefined;

/**
 * @param pattern of RE2, which must match a whole origin such as `https://grafana.example`.
 * @throws QueryError `bad_data` where it is none.
 */
export function allowedOrigins(pattern: string): AllowedOrigins {
  if (pattern === ANY_ORIGIN) return () => '*';
  const isAllowed = compileRegex(pattern);
  return (origin) => (isAllowed(origin) ? origin : undefined);
}

/**
 * Lets pages of other origins read the answers of the API, with the headers that Prometheus sends (util/httputil/cors.go), and what is
 * missing from an answer.
 * @param origins which ones; no headers where it is undefined.
 */
export function allowOrigins(server: FastifyInstance, origins: () => AllowedOrigins | undefined): void {
  server.addHook('onRequest', async ({ headers: { origin }, routeOptions: { url = '' } }, reply) => {
    const allowed = origins();
    if (allowed === undefined || !url.startsWith('/api/')) return;
    reply.header('Vary', 'Origin');
    if (origin === undefined) return;
    reply.headers({
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, Origin',
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Expose-Headers': `Date, ${WARNINGS_HEADER}`,
    });
    const shown = allowed(origin);
    if (shown !== undefined) reply.header('Access-Control-Allow-Origin', shown);
  });
}
