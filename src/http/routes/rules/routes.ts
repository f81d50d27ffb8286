import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../../gateway/remarks.ts';
import { requestForm } from '../../body.ts';
import type { HttpOptions } from '../../context.ts';
import { encodeList } from '../../json/object.ts';
import { encodeAlert, encodeRuleGroups } from './encode-rules.ts';
import { encodeString } from '../../json/text.ts';
import { readRulesQuery } from './rules-query.ts';
import type { Alert } from '../../../model/rules.ts';
import { sendData } from '../../respond.ts';
import { beginRequest } from '../../scope.ts';
import { data, described } from '../../openapi/operation.ts';
import { WISHES } from '../../openapi/parameters.ts';
import { list, object, STRING } from '../../openapi/schema.ts';
import { readShowReplicas, SHOW_REPLICAS } from '../replica-name.ts';
import { ALERT, RULE_GROUP, RULES_PARAMETERS } from './describe-rules.ts';

/** `/api/v1/rules` and `/api/v1/alerts`. */
export function rulesRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get(
    '/api/v1/rules',
    described({
      access: 'tenant',
      summary: 'Rules of all endpoints',
      parameters: [...RULES_PARAMETERS, ...WISHES],
      answer: data(object({ groups: list(RULE_GROUP), 'groupNextToken?': STRING })),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const query = readRulesQuery(form);
      const scope = beginRequest(gateway, request, form);
      const { groups, nextToken, annotations } = await gateway.lists.rules(scope, query);
      return sendData(request, reply, encodePage(), toRemarks(scope, annotations));

      function* encodePage(): Generator<string> {
        yield '{"groups":';
        yield* encodeRuleGroups(groups, !query.excludeAlerts);
        yield nextToken === '' ? '}' : `,"groupNextToken":${encodeString(nextToken)}}`;
      }
    },
  );

  server.get(
    '/api/v1/alerts',
    described({
      access: 'tenant',
      summary: 'Active alerts of all endpoints',
      parameters: [SHOW_REPLICAS, ...WISHES],
      answer: data(object({ alerts: list(ALERT) })),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const showReplicas = readShowReplicas(form);
      const scope = beginRequest(gateway, request, form);
      const { items, annotations } = await gateway.lists.alerts(scope, { showReplicas });
      return sendData(request, reply, encodeAlerts(items), toRemarks(scope, annotations));
    },
  );
}

function* encodeAlerts(alerts: readonly Alert[]): Generator<string> {
  yield '{"alerts":';
  yield* encodeList(alerts, encodeAlert);
  yield '}';
}
