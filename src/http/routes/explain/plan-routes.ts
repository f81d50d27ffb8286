import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PlannedRequest } from '../../../gateway/plan-request.ts';
import { explainNodes } from '../../../plan/explain.ts';
import type { PlanTreeJson } from '../../api/query.ts';
import { requestForm } from '../../body.ts';
import type { HttpOptions } from '../../context.ts';
import type { Members } from '../../json/object.ts';
import { encodeString } from '../../json/text.ts';
import { encodeTree } from '../../json/tree.ts';
import { data, described } from '../../openapi/operation.ts';
import { parameter, QUERY_OPTIONS, RANGE, required, WISHES } from '../../openapi/parameters.ts';
import { ref } from '../../openapi/schema.ts';
import type { Form } from '../../parameters/form.ts';
import { readQueryOptions } from '../../parameters/query-options.ts';
import { readOptionalTime } from '../../parameters/read-parameter.ts';
import { readSteps } from '../../parameters/steps.ts';
import { sendData } from '../../respond.ts';
import { beginRequest } from '../../scope.ts';
import { partName } from '../query/encode-analysis.ts';

/** `/api/v1/query_explain` and `/api/v1/query_range_explain` of Thanos: the parts of a query as a tree. Nothing is fetched for it. */
export function planRoutes(server: FastifyInstance, { gateway, clock }: HttpOptions): void {
  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    form: Form,
    asked: PlannedRequest,
  ): Promise<FastifyReply> => {
    const plan = gateway.plan(beginRequest(gateway, request, form, asked.step), asked);
    const tree = encodeTree(explainNodes(plan), (node): Members<Omit<PlanTreeJson, 'children'>> => ({
      name: encodeString(partName(node, plan.selects)),
    }));
    return sendData(request, reply, tree);
  };

  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/query_explain',
    ...described({
      access: 'tenant',
      summary: 'The parts of an expression that is evaluated at one time',
      parameters: [...QUERY_OPTIONS, parameter('time', 'Now where it is left out.', ref('Time')), ...WISHES],
      answer: data(ref('PlanTree')),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      const time = readOptionalTime(form, 'time', clock.now());
      const asked = { ...readQueryOptions(form), start: time, end: time, step: undefined };
      return send(request, reply, form, asked);
    },
  });

  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/query_range_explain',
    ...described({
      access: 'tenant',
      summary: 'The parts of an expression that is evaluated at the steps of a range',
      parameters: [
        ...QUERY_OPTIONS,
        ...RANGE.map(required),
        required(parameter('step', 'Time between two steps.', ref('Duration'))),
        ...WISHES,
      ],
      answer: data(ref('PlanTree')),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      return send(request, reply, form, { ...readQueryOptions(form), ...readSteps(form) });
    },
  });
}
