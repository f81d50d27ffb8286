import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeList, encodeObject } from '../json/object.ts';
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
      access: 'operator',
      summary: 'Alertmanagers of all endpoints',
      parameters: WISHES,
      answer: data(object({ activeAlertmanagers: URLS, droppedAlertmanagers: URLS })),
    }),
    async (request, reply) => {
      const scope = beginRequest(gateway, request, requestForm(request));
      const { active, dropped, annotations } = await gateway.lists.alertmanagers(scope);
      return sendData(request, reply, encode(active, dropped), toRemarks(scope, annotations));
    },
  );
}

function* encode(active: readonly string[], dropped: readonly string[]): Generator<string> {
  yield '{"activeAlertmanagers":';
  yield* encodeList(active, encodeUrl);
  yield ',"droppedAlertmanagers":';
  yield* encodeList(dropped, encodeUrl);
  yield '}';
}

function encodeUrl(url: string): string {
  return encodeObject({ url: encodeString(url) });
}
