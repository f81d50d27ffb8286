import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { sendJson } from '../respond.ts';
import { data, described } from '../openapi/operation.ts';
import { BOOLEAN, list, object, ref, STRING } from '../openapi/schema.ts';

/** `/api/v1/notifications`: what people who look after this server should know, as Prometheus' page shows it. */
export function notificationsRoutes(server: FastifyInstance, { info }: HttpOptions): void {
  server.get(
    '/api/v1/notifications',
    described({
      access: 'operator',
      summary: 'What people who look after this server should know',
      answer: data(list(object({ text: STRING, date: ref('Instant'), active: BOOLEAN }))),
    }),
    async (request, reply) => {
      const { isLastReloadSuccessful, failedAt } = info.config();
      if (isLastReloadSuccessful || failedAt === undefined) return sendJson(request, reply, []);
      const text =
        'Configuration reload has failed. The former one stays in force; the log says what is wrong.';
      return sendJson(request, reply, [{ text, date: new Date(failedAt).toISOString(), active: true }]);
    },
  );
}
