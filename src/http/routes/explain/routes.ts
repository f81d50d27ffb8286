import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../../gateway/remarks.ts';
import { requestForm } from '../../body.ts';
import type { HttpOptions } from '../../context.ts';
import { encodeExplanation } from './encode-explanation.ts';
import type { Form } from '../../parameters/form.ts';
import { parseLimit } from '../../parameters/limits.ts';
import { readQueryOptions } from '../../parameters/query-options.ts';
import { readOptional, readOptionalTime, readParameter } from '../../parameters/read-parameter.ts';
import { parseDurationParameter } from '../../parameters/duration.ts';
import { parseTime } from '../../parameters/time.ts';
import { sendData } from '../../respond.ts';
import { beginRequest } from '../../scope.ts';
import { data, described } from '../../openapi/operation.ts';
import { limitOf, parameter, QUERY_OPTIONS, RANGE, WISHES } from '../../openapi/parameters.ts';
import { ref } from '../../openapi/schema.ts';

/** An explanation tells of stand-ins, too. */
const TELLS_ALL = { options: { showReplaced: true } };

/**
 * `/api/v1/explain`: the parameters of `/api/v1/query`, or those of `/api/v1/query_range` where one of `start`, `end` and
 * `step` is given. `limit` is the number of series to show.
 */
export function explainRoutes(server: FastifyInstance, { gateway, clock }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/explain',
    ...described({
      access: 'operator',
      summary: 'What a query asks of which endpoint, and how replicas became one series',
      parameters: [
        ...QUERY_OPTIONS,
        parameter('time', 'Of an instant query.', ref('Time')),
        ...RANGE,
        parameter('step', 'Of a range query.', ref('Duration')),
        limitOf('series'),
        ...WISHES,
      ],
      answer: data({ type: 'object' }),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      const limit = readOptional(form, 'limit', parseLimit);
      const query = { ...readQueryOptions(form), ...readTimes(form, clock.now()), limit };
      const scope = beginRequest(gateway, request, form, Math.floor(query.step ?? 0));
      const explanation = await gateway.explain(scope, query);
      const remarks = toRemarks({ caller: scope.caller, ...TELLS_ALL }, explanation.annotations, query.text);
      return sendData(request, reply, encodeExplanation(explanation), remarks);
    },
  });
}

interface Times {
  readonly start: number;
  readonly end: number;
  readonly step: number | undefined;
}

function readTimes(form: Form, now: number): Times {
  if (['start', 'end', 'step'].every((name) => form.get(name) === '')) {
    const time = readOptionalTime(form, 'time', now);
    return { start: time, end: time, step: undefined };
  }
  return {
    start: readParameter(form, 'start', parseTime),
    end: readParameter(form, 'end', parseTime),
    step: readParameter(form, 'step', parseDurationParameter),
  };
}
