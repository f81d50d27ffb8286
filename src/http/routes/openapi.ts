import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import type { HttpOptions } from '../context.ts';
import { describeRoutes, type DescribedRoute } from '../openapi/document.ts';
import { described } from '../openapi/operation.ts';
import { shownPrefix } from '../prefix.ts';
import { sendPieces } from '../send.ts';

const OPENAPI = '3.1.0';

/**
 * `/api/v1/openapi.yaml`: all routes of the server that are added from now on, as an OpenAPI document. HEAD and OPTIONS, which
 * all have, are left out. Texts are not pinned down: a client that follows the document gets on with a newer server.
 */
export function openapiRoutes(server: FastifyInstance, { info, prefix }: HttpOptions): void {
  const routes: DescribedRoute[] = [];
  server.addHook('onRoute', ({ method, url, config }) => {
    const operation = config?.operation;
    if (operation === undefined) return;
    for (const one of [method].flat())
      if (one !== 'HEAD' && one !== 'OPTIONS') routes.push({ method: one, url, operation });
  });

  /** The part that is the same for all who ask. It is long. */
  let common: string | undefined;
  server.get(
    '/api/v1/openapi.yaml',
    described({
      access: 'open',
      summary: 'This document',
      answer: { kind: 'text', type: 'application/yaml' },
    }),
    async (request, reply) => {
      common ??= stringify(describeRoutes(routes), { aliasDuplicateObjects: false, lineWidth: 0 });
      const title = { title: 'promweave', version: info.version };
      const head = stringify({
        openapi: OPENAPI,
        info: title,
        servers: [{ url: shownPrefix(prefix, request.headers) || '/' }],
      });
      reply.headers({
        'Content-Type': 'application/yaml; charset=utf-8',
        'Cache-Control': 'no-cache, no-store, must-revalidate',
      });
      return sendPieces(request, reply, [head, common]);
    },
  );
}
