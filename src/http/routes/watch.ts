import type { FastifyInstance } from 'fastify';
import { claimsOf } from '../../gateway/observing/claims.ts';
import type { RunningQuery } from '../../gateway/observing/running-query.ts';
import { TOP_ORDERS, type TotalCost } from '../../gateway/observing/cost-table.ts';
import { CALLER_KINDS } from '../../gateway/observing/top-queries.ts';
import { QueryError } from '../../model/errors.ts';
import { quote } from '../../model/quote.ts';
import type { EndpointCall } from '../../model/request-journal.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import type { ActiveQueryJson, EndpointCallJson, TotalCostJson } from '../api/queries.ts';
import { parseLimit } from '../parameters/limits.ts';
import { readOptional } from '../parameters/read-parameter.ts';
import { sendJson } from '../respond.ts';
import { data, described } from '../openapi/operation.ts';
import { inPath, limitOf, parameter } from '../openapi/parameters.ts';
import { INTEGER, list, NUMBER, object, oneOfWords, STRING } from '../openapi/schema.ts';

/** Most characters of a query, and most calls to endpoints of one, that are listed. */
const LONGEST_TEXT = 1000;
const MOST_ENDPOINTS = 100;

const DEFAULT_TOP = 20;

const ACTIVE = object({ id: STRING, kind: STRING, query: STRING, ageSeconds: NUMBER, stage: STRING });
const COST = { count: INTEGER, totalSeconds: NUMBER, samples: INTEGER };
const TOP = object({ kind: STRING, query: STRING, ...COST });
const TOP_CALLER = object({ name: STRING, ...COST });
/** What queries are counted together by. */
const KINDS = ['query', ...CALLER_KINDS] as const;

/**
 * `/api/v1/status/active_queries`, where a query can be canceled by its id, and `/api/v1/status/top_queries`. Pages of other origins
 * cannot cancel: browsers ask before they send DELETE, and the answer does not allow it.
 */
export function watchRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  const { watch } = gateway;
  server.get(
    '/api/v1/status/active_queries',
    described({
      access: 'operator',
      summary: 'Queries that run',
      answer: data(object({ queries: list(ACTIVE) })),
    }),
    async (request, reply) => sendJson(request, reply, { queries: watch.active().map(activeJson) }),
  );

  server.delete<{ Params: { id: string } }>(
    '/api/v1/status/active_queries/:id',
    described({
      access: 'operator',
      summary: 'Cancels a query',
      parameters: [inPath('id', 'As it is listed.')],
      answer: data(object({ canceled: ACTIVE })),
    }),
    async (request, reply) =>
      sendJson(request, reply, { canceled: activeJson(watch.cancel(request.params.id)) }),
  );

  server.get(
    '/api/v1/status/top_queries',
    described({
      access: 'operator',
      summary: 'Queries that cost most since the start, or the clients and dashboards that asked them',
      parameters: [
        parameter('sort', 'By what.', oneOfWords(...TOP_ORDERS)),
        parameter('by', 'Whose queries are counted together.', oneOfWords(...KINDS)),
        limitOf('queries'),
      ],
      answer: data(
        object({ sort: STRING, 'queries?': list(TOP), 'by?': STRING, 'callers?': list(TOP_CALLER) }),
      ),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const sort = readOptional(form, 'sort', oneOf('order', TOP_ORDERS)) ?? 'total_time';
      const by = readOptional(form, 'by', oneOf('kind', KINDS)) ?? 'query';
      const limit = readOptional(form, 'limit', parseLimit) || DEFAULT_TOP;
      if (by !== 'query') {
        const callers = watch.topCallers(by, sort, limit);
        const named = callers.map(({ name, ...cost }) => ({ name, ...costJson(cost) }));
        return sendJson(request, reply, { sort, by, callers: named });
      }
      const queries = watch
        .top(sort, limit)
        .map(({ family, text, ...cost }) => ({ kind: family, query: text, ...costJson(cost) }));
      return sendJson(request, reply, { sort, queries });
    },
  );
}

/** What reads one of some words. @param what they are, for the sentence about another one. */
function oneOf<T extends string>(what: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw new QueryError('bad_data', `unknown ${what} ${quote(text)}: use one of ${words.join(', ')}`);
  };
}

function activeJson({ asked, scope, ageMs, stage, samples }: RunningQuery): ActiveQueryJson {
  const { caller, ids, journal } = scope;
  const { text } = asked;
  const { series, bytes } = journal.sums;
  return {
    id: ids.request,
    requestId: ids.named,
    traceId: ids.trace?.traceId,
    kind: asked.family,
    query: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text,
    start: seconds(asked.start),
    end: seconds(asked.end),
    step: asked.step === 0 ? undefined : seconds(asked.step),
    client: caller.client,
    tenant: caller.tenant || undefined,
    path: caller.path,
    ...claimsOf(caller),
    startTime: new Date(journal.startTime).toISOString(),
    ageSeconds: seconds(ageMs),
    stage,
    samples,
    series,
    bytes,
    endpoints: journal.calls.slice(0, MOST_ENDPOINTS).map((call) => callJson(call)),
    endpointsNotShown: Math.max(journal.calls.length - MOST_ENDPOINTS, 0) + journal.notKept,
  };
}

function callJson({ endpoint, began, ended, failure, series, bytes }: EndpointCall): EndpointCallJson {
  const state = ended === undefined ? 'waiting' : 'answered';
  return {
    endpoint,
    state: failure ?? state,
    seconds: ended === undefined ? undefined : seconds(ended - began),
    series,
    bytes,
  };
}

function costJson({ totalMs, longestMs, lastTime, ...counts }: TotalCost): TotalCostJson {
  return {
    ...counts,
    totalSeconds: seconds(totalMs),
    longestSeconds: seconds(longestMs),
    lastTime: new Date(lastTime).toISOString(),
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
