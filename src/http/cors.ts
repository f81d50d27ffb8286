import type { FastifyInstance } from 'fastify';
import { WARNINGS_HEADER } from '../model/warnings-header.ts';
import { compileRegex } from '../promql/match/compile-regex.ts';

/** Every origin; answers then do not name it. */
const ANY = '.*';

/**
 * Lets pages of other origins read the answers of the API, with the headers that Prometheus sends (util/httputil/cors.go), and what is
 * missing from an answer.
 * @param pattern of RE2, which must match a whole origin such as `https://grafana.example`.
 */
export function allowOrigins(server: FastifyInstance, pattern: string): void {
  const isAllowed = compileRegex(pattern);
  server.addHook('onRequest', async ({ headers: { origin }, routeOptions: { url = '' } }, reply) => {
    if (!url.startsWith('/api/')) return;
    reply.header('Vary', 'Origin');
    if (origin === undefined) return;
    reply.headers({
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, Origin',
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Expose-Headers': `Date, ${WARNINGS_HEADER}`,
    });
    const allowed = pattern === ANY ? '*' : isAllowed(origin) ? origin : undefined;
    if (allowed !== undefined) reply.header('Access-Control-Allow-Origin', allowed);
  });
}
