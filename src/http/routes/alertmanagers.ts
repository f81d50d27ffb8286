import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeItems, encodeObject } from '../json/object.ts';
import { encodeString } from '../json/text.ts';
import { sendData } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import { data, described } from '../openapi/operation.ts';
import { WISHES } from '../openapi/parameters.ts';
import { list, object, STRING } from '../openapi/schema.ts';

const URLS = list(object({ url: STRING }));

/** `/api/v1/alertmanagers`. */
export function alertmanagersRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get(
    '/api/v1/alertmanagers',
    described({
      summary: 'Alertmanagers of all endpoints',
      parameters: WISHES,
      answer: data(object({ activeAlertmanagers: URLS, droppedAlertmanagers: URLS })),
    }),
    async (request, reply) => {
      const scope = beginRequest(gateway, request, requestForm(request));
      const { active, dropped, annotations } = await gateway.lists.alertmanagers(scope);
      const urls = encodeObject({
        activeAlertmanagers: encodeUrls(active),
        droppedAlertmanagers: encodeUrls(dropped),
      });
      return sendData(request, reply, [urls], toRemarks(scope, annotations));
    },
  );
}

function encodeUrls(urls: readonly string[]): string {
  return encodeItems(urls, (url) => encodeObject({ url: encodeString(url) }));
}
