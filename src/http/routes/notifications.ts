import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { sendJson } from '../respond.ts';
import { data, described } from '../openapi/operation.ts';
import { BOOLEAN, list, object, ref, STRING } from '../openapi/schema.ts';

/**
 * `/api/v1/notifications`: what people who look after this server should know, as Prometheus' page shows it. That page first asks for
 * them as a stream, and tells of a broken connection unless the answer is a stream or 204, as of a Prometheus that has too many readers.
 * After 204 it asks again and again for the list.
 */
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

  server.get(
    '/api/v1/notifications/live',
    described({
      access: 'operator',
      summary: 'That there is no stream of them, so the list is asked for again and again',
      answer: { kind: 'nothing' },
    }),
    async (_request, reply) => reply.code(204).send(),
  );
}
