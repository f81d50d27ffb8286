import type { FastifyInstance } from 'fastify';
import { requestForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { encodeLabelSets } from '../json/label-sets.ts';
import { encodeString } from '../json/text.ts';
import { encodeTexts } from '../json/texts.ts';
import { sendCatalog, sendList } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import { toRemarks } from '../../gateway/remarks.ts';
import { requireSelectors, type LookupQuery } from '../../gateway/lookup.ts';
import type { Form } from '../parameters/form.ts';
import { parseLimit } from '../parameters/limits.ts';
import { readOptionalTime, readParameter } from '../parameters/read-parameter.ts';
import { data, described } from '../openapi/operation.ts';
import { inPath, limitOf, RANGE, required, SELECTORS, WISHES } from '../openapi/parameters.ts';
import { list, ref, STRING } from '../openapi/schema.ts';

/** `/api/v1/series`, `/api/v1/labels` and `/api/v1/label/<name>/values`. */
export function labelRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/series',
    ...described({
      access: 'tenant',
      summary: 'Series that match a selector',
      parameters: [required(SELECTORS), ...RANGE, limitOf('series'), ...WISHES],
      answer: data(list(ref('Labels'))),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      // Prometheus says this before it looks at anything else.
      requireSelectors(form.all('match[]'));
      const query = readLookupQuery(form);
      const scope = beginRequest(gateway, request, form);
      const { items, annotations } = await gateway.series(scope, query);
      return sendCatalog(request, reply, encodeLabelSets(items), toRemarks(scope, annotations));
    },
  });

  server.route({
    method: ['GET', 'POST'],
    url: '/api/v1/labels',
    ...described({
      access: 'tenant',
      summary: 'Names of labels',
      parameters: [SELECTORS, ...RANGE, limitOf('names'), ...WISHES],
      answer: data(list(STRING)),
    }),
    handler: async (request, reply) => {
      const form = requestForm(request);
      const query = readLookupQuery(form);
      const scope = beginRequest(gateway, request, form);
      return sendList(request, reply, scope, await gateway.labelNames(scope, query), encodeString);
    },
  });

  server.route<{ Params: { readonly name: string } }>({
    method: 'GET',
    url: '/api/v1/label/:name/values',
    ...described({
      access: 'tenant',
      summary: 'Values of a label',
      parameters: [
        inPath('name', 'The label; names of Prometheus 3 may be escaped.'),
        SELECTORS,
        ...RANGE,
        limitOf('values'),
        ...WISHES,
      ],
      answer: data(list(STRING)),
    }),
    handler: async (request, reply) => {
      const name = unescapeLabelName(request.params.name);
      const form = requestForm(request);
      const query = readLookupQuery(form);
      const scope = beginRequest(gateway, request, form);
      const { items, annotations } = await gateway.labelValues(scope, name, query);
      return sendCatalog(request, reply, encodeTexts(items), toRemarks(scope, annotations));
    },
  });
}

/** Reads what the series and label APIs have in common. */
function readLookupQuery(form: Form): LookupQuery {
  return {
    limit: readParameter(form, 'limit', parseLimit),
    minTime: readOptionalTime(form, 'start', undefined),
    maxTime: readOptionalTime(form, 'end', undefined),
    selectors: form.all('match[]'),
  };
}

const PREFIX = 'U__';
const LARGEST_CODE_POINT = 0x10ffff;

/**
 * Undoes the escaping of label names in paths: `U__a_2e_b` is `a.b`, `__` inside is `_`. A name without such
 * escapes, or with a wrong one, stays as it is. Source: prometheus/common `model.UnescapeName`, value encoding.
 */
export function unescapeLabelName(name: string): string {
  if (!name.startsWith(PREFIX)) return name;
  let isValid = true;
  // A lone underscore matches last: it starts an escape that does not end.
  const text = name.slice(PREFIX.length).replace(/__|_([\da-fA-F]{1,5})_|_/g, (whole, hex?: string) => {
    if (whole === '__') return '_';
    const code = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
    const isCharacter = code <= LARGEST_CODE_POINT && !(code >= 0xd800 && code <= 0xdfff);
    isValid &&= isCharacter;
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
  return isValid ? text : name;
}
