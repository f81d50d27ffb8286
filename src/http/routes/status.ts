import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { sendJson } from '../respond.ts';

/** `/api/v1/status/…`: what this server is. It has those of Prometheus' members that have a meaning here. */
export function statusRoutes(server: FastifyInstance, { clock, info }: HttpOptions): void {
  server.get('/api/v1/status/buildinfo', async (request, reply) =>
    sendJson(request, reply, {
      version: info.version,
      revision: info.revision,
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
      application: 'promweave',
      nodeVersion: process.version,
    }),
  );

  server.get('/api/v1/status/runtimeinfo', async (request, reply) => {
    const { generation, isLastReloadSuccessful, loadedAt } = info.config();
    return sendJson(request, reply, {
      startTime: new Date(info.startTime).toISOString(),
      CWD: process.cwd(),
      hostname: hostname(),
      serverTime: new Date(clock.now()).toISOString(),
      reloadConfigSuccess: isLastReloadSuccessful,
      lastConfigTime: new Date(loadedAt).toISOString(),
      configGeneration: generation,
    });
  });

  server.get('/api/v1/status/config', async (request, reply) =>
    sendJson(request, reply, { yaml: info.yaml() }),
  );

  server.get('/api/v1/status/flags', async (request, reply) => sendJson(request, reply, info.flags()));
}
