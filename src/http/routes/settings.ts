import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { RuntimeJson } from '../api/status.ts';
import type { HttpOptions } from '../context.ts';
import { data, described } from '../openapi/operation.ts';
import { BOOLEAN, INTEGER, map, object, ref, STRING } from '../openapi/schema.ts';
import { sendJson } from '../respond.ts';

const RUNTIME = object({
  startTime: ref('Instant'),
  serverTime: ref('Instant'),
  reloadConfigSuccess: BOOLEAN,
  lastConfigTime: ref('Instant'),
  configGeneration: INTEGER,
  residentMemoryBytes: INTEGER,
});

/** How this server was started and configured. It has those of Prometheus' members that have a meaning here. */
export function settingsRoutes(server: FastifyInstance, { clock, info }: HttpOptions): void {
  server.get(
    '/api/v1/status/runtimeinfo',
    described({ access: 'operator', summary: 'Start and configuration', answer: data(RUNTIME) }),
    async (request, reply) => {
      const { generation, isLastReloadSuccessful, loadedAt } = info.config();
      return sendJson(request, reply, {
        startTime: new Date(info.startTime).toISOString(),
        CWD: process.cwd(),
        hostname: hostname(),
        serverTime: new Date(clock.now()).toISOString(),
        reloadConfigSuccess: isLastReloadSuccessful,
        lastConfigTime: new Date(loadedAt).toISOString(),
        configGeneration: generation,
        residentMemoryBytes: process.memoryUsage.rss(),
      } satisfies RuntimeJson);
    },
  );

  server.get(
    '/api/v1/status/config',
    described({
      access: 'operator',
      summary: 'The configuration in force, without secrets',
      answer: data(object({ yaml: STRING })),
    }),
    async (request, reply) => sendJson(request, reply, { yaml: info.yaml() }),
  );

  server.get(
    '/api/v1/status/flags',
    described({ access: 'operator', summary: 'The settings in force', answer: data(map(STRING)) }),
    async (request, reply) => sendJson(request, reply, info.flags()),
  );
}
