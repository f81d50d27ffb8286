import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { QueryStats } from '../../../engine/answer.ts';
import { ResponseLimit } from '../../../gateway/limits/response-limit.ts';
import { fetchedFor } from '../../../gateway/observing/fetched.ts';
import type { QueryOutcome } from '../../../gateway/query.ts';
import { remark, type Annotation } from '../../../model/annotations.ts';
import type { RequestScope } from '../../../model/request-scope.ts';
import { completenessOf, toRemarks } from '../../../gateway/remarks.ts';
import { requestForm } from '../../body.ts';
import type { Piece } from '../../chunks.ts';
import type { HttpOptions } from '../../context.ts';
import { analysisRemarks, encodeAnalysis } from './encode-analysis.ts';
import { encodeStats, type StepTimes } from './encode-stats.ts';
import { encodeValue } from './encode-value.ts';
import { leastBytes } from './least-bytes.ts';
import type { Form } from '../../parameters/form.ts';
import { parseLimit } from '../../parameters/limits.ts';
import { quote } from '../../../model/quote.ts';
import { readQueryOptions } from '../../parameters/query-options.ts';
import {
  parseBoolean,
  readOptional,
  readOptionalTime,
  readParameter,
  readText,
} from '../../parameters/read-parameter.ts';
import { readSteps } from '../../parameters/steps.ts';
import { sendData } from '../../respond.ts';
import { beginRequest } from '../../scope.ts';
import { data, described } from '../../openapi/operation.ts';
import { limitOf, parameter, QUERY_OPTIONS, RANGE, required, WISHES } from '../../openapi/parameters.ts';
import { BOOLEAN, oneOfWords, ref } from '../../openapi/schema.ts';

const OF_BOTH = [
  limitOf('series'),
  parameter(
    'stats',
    'Whether statistics are told, and whether those of single steps.',
    oneOfWords('true', 'all'),
  ),
  parameter('analyze', 'Whether it is told what each part of the query cost.', BOOLEAN),
  ...WISHES,
];

/** `/api/v1/query` and `/api/v1/query_range`. */
export function queryRoutes(server: FastifyInstance, { gateway, clock }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/query',
    ...described({
      access: 'tenant',
      summary: 'Evaluates an expression at one time',
      parameters: [...QUERY_OPTIONS, parameter('time', 'Now where it is left out.', ref('Time')), ...OF_BOTH],
      answer: data(ref('QueryResult')),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      const limit = readParameter(form, 'limit', parseLimit);
      const time = readOptionalTime(form, 'time', clock.now());
      const query = { ...readQueryOptions(form), ...readAnalyze(form), limit, time };
      const scope = beginRequest(gateway, request, form);
      const outcome = await gateway.query(scope, query);
      return sendOutcome(request, reply, form, scope, outcome, { start: time, step: 0 });
    },
  });

  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/query_range',
    ...described({
      access: 'tenant',
      summary: 'Evaluates an expression at the steps of a range',
      parameters: [
        ...QUERY_OPTIONS,
        ...RANGE.map(required),
        required(parameter('step', 'Time between two steps.', ref('Duration'))),
        parameter('cache', 'Whether results that were kept may be a part of the answer.', BOOLEAN),
        ...OF_BOTH,
      ],
      answer: data(ref('QueryResult')),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      const limit = readParameter(form, 'limit', parseLimit);
      const steps = readSteps(form);
      const isFresh = readOptional(form, 'cache', parseBoolean) === false;
      const options = { ...readQueryOptions(form), ...readAnalyze(form) };
      const query = { ...options, limit, ...steps, ...(isFresh && { isFresh }) };
      const scope = beginRequest(gateway, request, form, steps.step);
      const outcome = await gateway.queryRange(scope, query);
      return sendOutcome(request, reply, form, scope, outcome, steps);
    },
  });
}

function readAnalyze(form: Form): { readonly isAnalyzed?: true } {
  return readOptional(form, 'analyze', parseBoolean) === true ? { isAnalyzed: true } : {};
}

function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  scope: RequestScope,
  { answer, queuedMs, calls }: QueryOutcome,
  times: StepTimes,
): Promise<FastifyReply> {
  const stats = readText(form, 'stats');
  new ResponseLimit(scope.caller.limits).count(leastBytes(answer.value));
  const { analysis } = answer;
  const told = [...answer.annotations, ...statsRemark(stats), ...analysisRemarks(analysis)];
  const remarks = toRemarks(scope, told, form.get('query'));
  return sendData(request, reply, encodeData(), remarks);

  function* encodeData(): Generator<Piece> {
    yield '{';
    yield* encodeValue(answer.value);
    if (stats !== '') {
      const completeness = completenessOf(scope, answer.annotations);
      const told = { times, queuedMs, completeness, fetched: fetchedFor(scope) };
      yield `,"stats":${encodeStats(shownStats(answer.stats, stats), told)}`;
    }
    if (analysis !== undefined) {
      yield ',"analysis":';
      yield* encodeAnalysis(analysis, calls);
    }
    yield '}';
  }
}

/** Counts of single steps are shown where all statistics are asked for. */
function shownStats(stats: QueryStats, asked: string): QueryStats {
  return asked === 'all' ? stats : { ...stats, perStep: undefined };
}

/** Any text asks for statistics, but Prometheus 3.14 warns of every text that is not one of two. */
function statsRemark(stats: string): readonly Annotation[] {
  if (stats === '' || stats === 'true' || stats === 'all') return [];
  const message =
    `value ${quote(stats)} for parameter "stats" is deprecated and will be rejected in the next major release,` +
    ' use "true" or "all"';
  return [remark('warning', message)];
}
