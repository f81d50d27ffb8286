import type { ExemplarSeries } from '../../model/exemplar.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { EndpointList } from '../answered.ts';
import type { ExemplarsRequest } from '../list-calls.ts';
import { EndpointError } from '../endpoint-error.ts';
import type { Pacer } from '../../model/pacer.ts';
import { apiCall, timeParameters } from './api-call.ts';
import type { Parameters } from './api-call.ts';
import type { HttpClient } from './http-client.ts';
import { type JsonObject, labelsOf, numberOf, objectsOf, textOf } from './json-fields.ts';
import { callIfOffered } from './offered.ts';
import { askWithNames } from './old-names.ts';
import { selectorText } from './selector-text.ts';
import { type Externals, withExternals } from './with-external-labels.ts';
import { answerPacer } from '../pace.ts';

/** Exemplars of the series that match, with the external labels; none where the server has no such call. */
export async function listExemplars(
  client: HttpClient,
  request: ExemplarsRequest,
  externals: Externals,
  scope: CallScope,
): Promise<EndpointList<ExemplarSeries>> {
  const answer = await askWithNames(request.matcherSets, (matcherSets) =>
    callIfOffered(
      client,
      apiCall('/api/v1/query_exemplars', parametersOf({ ...request, matcherSets })),
      scope,
    ),
  );
  if (answer === undefined) return { items: [], annotations: [] };
  const items = await readExemplars(answer.data, externals, answerPacer(scope));
  return { items, annotations: answer.annotations };
}

/** The API takes a query for its selectors alone, so any that holds them does. */
function parametersOf({ matcherSets, minTime, maxTime }: ExemplarsRequest): Parameters {
  return [['query', matcherSets.map(selectorText).join(' + ')], ...timeParameters(minTime, maxTime)];
}

function readExemplars(
  data: unknown,
  externals: Externals,
  pacer: Pacer,
): Promise<readonly ExemplarSeries[]> {
  return pacer.map(objectsOf(data, 'exemplars'), (series) => ({
    labels: withExternals(labelsOf(series, 'seriesLabels'), externals),
    exemplars: objectsOf(series['exemplars'], 'exemplars').map((exemplar) => ({
      labels: labelsOf(exemplar, 'labels'),
      value: valueOf(exemplar),
      t: Math.round(numberOf(exemplar, 'timestamp') * 1000),
    })),
  }));
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['NaN', Number.NaN],
]);

function valueOf(exemplar: JsonObject): number {
  const text = textOf(exemplar, 'value');
  const value = SPECIAL.get(text) ?? Number(text);
  if (text === '' || (Number.isNaN(value) && text !== 'NaN'))
    throw new EndpointError('bad_data', 'its answer holds an exemplar whose value is no number', {
      detail: text,
    });
  return value;
}
