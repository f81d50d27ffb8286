import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toRemarks } from '../../../gateway/remarks.ts';
import type { NameSearch } from '../../../gateway/search/find-names.ts';
import { QueryError } from '../../../model/errors.ts';
import { requestForm } from '../../body.ts';
import type { HttpOptions } from '../../context.ts';
import type { Form } from '../../parameters/form.ts';
import { beginRequest } from '../../scope.ts';
import { sendPieces } from '../../send.ts';
import { encodeSearch, type ResultForm } from './encode-search.ts';
import { readSearch, readSwitch } from './read-search.ts';
import { described, type Parameter } from '../../openapi/operation.ts';
import { parameter, required, WISHES } from '../../openapi/parameters.ts';
import { BOOLEAN, STRING } from '../../openapi/schema.ts';
import { SEARCH_PARAMETERS } from './describe-search.ts';

type Searched = Pick<NameSearch, 'label' | 'withMetadata'>;

/** `/api/v1/search/metric_names`, `label_names` and `label_values`: names for people who type, a line of JSON a batch. */
export function searchRoutes(server: FastifyInstance, { gateway, clock }: HttpOptions): void {
  const add = (
    endpoint: string,
    member: ResultForm['member'],
    searched: (form: Form) => Searched,
    ...parameters: readonly Parameter[]
  ): void => {
    server.route({
      method: ['GET', 'POST'],
      url: `/api/v1/search/${endpoint}`,
      ...described({
        access: 'tenant',
        summary: `Searches ${endpoint.replace('_', ' ')} as one types`,
        parameters: [...parameters, ...SEARCH_PARAMETERS, ...WISHES],
        answer: { kind: 'lines' },
      }),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const form = requestForm(request);
        const { search, batchSize, includeScore } = readSearch(form, endpoint, clock.now());
        const what = searched(form);
        const scope = beginRequest(gateway, request, form);
        const found = await gateway.searchNames(scope, { ...search, ...what });
        const lines = encodeSearch(found, toRemarks(scope, found.annotations), {
          member,
          includeScore,
          batchSize,
        });
        return sendPieces(request, reply.type('application/x-ndjson; charset=utf-8'), lines);
      },
    });
  };

  add(
    'metric_names',
    'name',
    (form) => ({
      label: '__name__',
      withMetadata: readSwitch(form, 'include_metadata', false),
    }),
    parameter('include_metadata', 'Whether results tell what targets say about the metric.', BOOLEAN),
  );
  add('label_names', 'name', () => ({ label: undefined, withMetadata: false }));
  add(
    'label_values',
    'value',
    (form) => {
      const label = form.get('label');
      if (label === '') throw new QueryError('bad_data', 'missing required parameter "label"');
      return { label, withMetadata: false };
    },
    required(parameter('label', 'The label whose values are searched.', STRING)),
  );
}
