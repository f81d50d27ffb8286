import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeItems, encodeObject } from '../json/object.ts';
import { encodeString } from '../json/text.ts';
import { sendData } from '../respond.ts';
import { beginRequest } from '../scope.ts';

/** `/api/v1/alertmanagers`. */
export function alertmanagersRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get('/api/v1/alertmanagers', async (request, reply) => {
    const scope = beginRequest(gateway, request, requestForm(request));
    const { active, dropped, annotations } = await gateway.lists.alertmanagers(scope);
    const data = encodeObject({
      activeAlertmanagers: encodeUrls(active),
      droppedAlertmanagers: encodeUrls(dropped),
    });
    return sendData(request, reply, [data], toRemarks(scope, annotations));
  });
}

function encodeUrls(urls: readonly string[]): string {
  return encodeItems(urls, (url) => encodeObject({ url: encodeString(url) }));
}
