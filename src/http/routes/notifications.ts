import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { sendJson } from '../respond.ts';

/** `/api/v1/notifications`: what people who look after this server should know, as Prometheus' page shows it. */
export function notificationsRoutes(server: FastifyInstance, { info }: HttpOptions): void {
  server.get('/api/v1/notifications', async (request, reply) => {
    const { isLastReloadSuccessful, failedAt } = info.config();
    if (isLastReloadSuccessful || failedAt === undefined) return sendJson(request, reply, []);
    const text =
      'Configuration reload has failed. The former one stays in force; the log says what is wrong.';
    return sendJson(request, reply, [{ text, date: new Date(failedAt).toISOString(), active: true }]);
  });
}
