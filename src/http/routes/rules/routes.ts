import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../../gateway/remarks.ts';
import { requestForm } from '../../body.ts';
import type { HttpOptions } from '../../context.ts';
import { encodeList } from '../../json/object.ts';
import { encodeAlert, encodeRuleGroup } from './encode-rules.ts';
import { encodeString } from '../../json/text.ts';
import { readRulesQuery } from './rules-query.ts';
import type { Alert } from '../../../model/rules.ts';
import { sendData } from '../../respond.ts';
import { beginRequest } from '../../scope.ts';

/** `/api/v1/rules` and `/api/v1/alerts`. */
export function rulesRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get('/api/v1/rules', async (request, reply) => {
    const form = requestForm(request);
    const query = readRulesQuery(form);
    const scope = beginRequest(gateway, request, form);
    const { groups, nextToken, annotations } = await gateway.lists.rules(scope, query);
    return sendData(request, reply, encodePage(), toRemarks(scope, annotations));

    function* encodePage(): Generator<string> {
      yield '{"groups":';
      yield* encodeList(groups, (group) => encodeRuleGroup(group, !query.excludeAlerts));
      yield nextToken === '' ? '}' : `,"groupNextToken":${encodeString(nextToken)}}`;
    }
  });

  server.get('/api/v1/alerts', async (request, reply) => {
    const form = requestForm(request);
    const scope = beginRequest(gateway, request, form);
    const { items, annotations } = await gateway.lists.alerts(scope);
    const data = encodeAlerts(items);
    return sendData(request, reply, data, toRemarks(scope, annotations));
  });
}

function* encodeAlerts(alerts: readonly Alert[]): Generator<string> {
  yield '{"alerts":';
  yield* encodeList(alerts, encodeAlert);
  yield '}';
}
