import type { FastifyInstance } from 'fastify';
import type { Export } from '../../../gateway/raw/export.ts';
import { toRemarks } from '../../../gateway/remarks.ts';
import { QueryError } from '../../../model/errors.ts';
import { quote } from '../../../model/quote.ts';
import { requestForm } from '../../body.ts';
import type { Pause, Piece } from '../../chunks.ts';
import type { HttpOptions } from '../../context.ts';
import { described } from '../../openapi/operation.ts';
import { parameter, RANGE, required, SELECTORS, WISHES } from '../../openapi/parameters.ts';
import { oneOfWords } from '../../openapi/schema.ts';
import { readOptional, readOptionalTime, readParameter } from '../../parameters/read-parameter.ts';
import { parseTime } from '../../parameters/time.ts';
import { beginRequest } from '../../scope.ts';
import { sendPieces } from '../../send.ts';
import { addWarnings } from '../../warnings-header.ts';
import { encodeCsv } from './encode-csv.ts';
import { encodeJsonLines } from './encode-json-lines.ts';

interface ExportFormat {
  readonly type: string;
  readonly encode: (series: Export['series']) => Generator<Piece | Pause>;
}

const FORMATS: Readonly<Record<'json' | 'csv', ExportFormat>> = {
  json: { type: 'application/stream+json; charset=utf-8', encode: encodeJsonLines },
  csv: { type: 'text/csv; charset=utf-8; header=present', encode: encodeCsv },
};

/** `/api/v1/export`: samples as they are after deduplication. */
export function exportRoutes(server: FastifyInstance, { gateway, clock }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/export',
    ...described({
      access: 'tenant',
      summary: 'Samples after deduplication, as lines of JSON or as CSV',
      parameters: [
        required(SELECTORS),
        ...RANGE,
        parameter('format', 'What is sent; lines of JSON where it is left out.', oneOfWords('json', 'csv')),
        ...WISHES,
      ],
      answer: { kind: 'text', type: 'application/stream+json' },
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      const query = {
        selectors: form.all('match[]'),
        minTime: readParameter(form, 'start', parseTime),
        maxTime: readOptionalTime(form, 'end', clock.now()),
      };
      const { type, encode } = readOptional(form, 'format', parseFormat) ?? FORMATS.json;
      const scope = beginRequest(gateway, request, form);
      const { series, annotations } = await gateway.raw.export(scope, query);
      addWarnings(reply, toRemarks(scope, annotations).warnings);
      return sendPieces(request, reply.type(type), encode(series));
    },
  });
}

function parseFormat(text: string): ExportFormat {
  if (text === 'json' || text === 'csv') return FORMATS[text];
  throw new QueryError('bad_data', `unknown format ${quote(text)}: use json or csv`);
}
