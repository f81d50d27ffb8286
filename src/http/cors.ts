import type { FastifyInstance } from 'fastify';
import { WARNINGS_HEADER } from '../model/warnings-header.ts';

/** Lets pages of any origin read the answers, with the headers that Prometheus sends, and what is missing from an answer. */
export function allowOrigins(server: FastifyInstance): void {
  server.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    reply.header('Vary', 'Origin');
    if (origin === undefined) return;
    reply.headers({
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, Origin',
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': `Date, ${WARNINGS_HEADER}`,
    });
  });
}
