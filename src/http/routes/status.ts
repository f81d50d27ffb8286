import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import type { BuildJson } from '../api/status.ts';
import { sendJson } from '../respond.ts';
import { data, described } from '../openapi/operation.ts';
import { map, STRING } from '../openapi/schema.ts';

/** `/api/v1/status/buildinfo`: what this server is, by which Grafana and others know it. */
export function statusRoutes(server: FastifyInstance, { info }: HttpOptions): void {
  server.get(
    '/api/v1/status/buildinfo',
    described({ access: 'open', summary: 'Version', answer: data(map(STRING)) }),
    async (request, reply) =>
      sendJson(request, reply, {
        version: info.version,
        revision: info.revision,
        branch: '',
        buildUser: '',
        buildDate: '',
        goVersion: '',
        application: 'promweave',
        nodeVersion: process.version,
      } satisfies BuildJson & Record<string, string>),
  );
}
