import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { readOptionalTime } from '../parameters/read-parameter.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';
import { sendData } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import type { Exemplar, ExemplarSeries } from '../../model/exemplar.ts';
import { formatFloat } from '../../model/format-decimal.ts';
import { encodeLabels } from '../json/text.ts';
import type { ExemplarJson, ExemplarSeriesJson } from '../api/exemplars.ts';
import {
  encodeList,
  encodeListOf,
  encodeObject,
  encodePieces,
  type Members,
  type PieceMembers,
} from '../json/object.ts';
import { formatTimestamp } from '../json/scalars.ts';
import { described } from '../openapi/operation.ts';
import { QUERY_OPTIONS, RANGE, WISHES } from '../openapi/parameters.ts';
import { list, NUMBER, object, ref, STRING } from '../openapi/schema.ts';

const SERIES = object({
  seriesLabels: ref('Labels'),
  exemplars: list(object({ labels: ref('Labels'), value: STRING, timestamp: NUMBER })),
});

/** `/api/v1/query_exemplars`. */
export function exemplarsRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/query_exemplars',
    ...described({
      access: 'tenant',
      summary: 'Exemplars of the series that an expression selects',
      parameters: [QUERY_OPTIONS[0]!, ...RANGE, ...WISHES],
      answer: { kind: 'data', data: list(SERIES), mayBeEmpty: true },
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      const query = {
        minTime: readOptionalTime(form, 'start', MIN_TIME),
        maxTime: readOptionalTime(form, 'end', MAX_TIME),
        text: form.get('query'),
      };
      const scope = beginRequest(gateway, request, form);
      const found = await gateway.lists.exemplars(scope, query);
      // As Prometheus, which has no data to answer then.
      if (!found.hasSelectors) return reply.code(204).send();
      const data = encodeExemplars(found.items);
      return sendData(request, reply, data, toRemarks(scope, found.annotations));
    },
  });
}

/** Series as `/api/v1/query_exemplars` shows them, in pieces: one may have very many exemplars. */
export function encodeExemplars(series: Iterable<ExemplarSeries>): Generator<string> {
  return encodeListOf(series, ({ labels, exemplars }) =>
    encodePieces({
      seriesLabels: encodeLabels(labels),
      exemplars: encodeList(exemplars, encodeExemplar),
    } satisfies PieceMembers<ExemplarSeriesJson>),
  );
}

function encodeExemplar({ labels, value, t }: Exemplar): string {
  return encodeObject({
    labels: encodeLabels(labels),
    value: `"${formatFloat(value)}"`,
    timestamp: formatTimestamp(t),
  } satisfies Members<ExemplarJson>);
}
