import type { ExemplarSeries } from '../../model/exemplar.ts';
import { type Labels, mergeLabels } from '../../model/labels.ts';
import type { ExemplarsRequest } from '../operations.ts';
import { EndpointError } from '../endpoint-error.ts';
import { type JsonObject, labelsOf, numberOf, objectsOf, textOf } from './json-fields.ts';
import { apiTime } from './api-call.ts';
import { selectorText } from './selector-text.ts';

/** The API takes a query for its selectors alone, so any that holds them does. */
export function exemplarsParameters(request: ExemplarsRequest): readonly (readonly [string, string])[] {
  const { matcherSets, minTime, maxTime } = request;
  return [
    ['query', matcherSets.map(selectorText).join(' + ')],
    ...(Number.isFinite(minTime) ? [['start', apiTime(minTime)] as const] : []),
    ...(Number.isFinite(maxTime) ? [['end', apiTime(maxTime)] as const] : []),
  ];
}

export function readExemplars(data: unknown, externalLabels: Labels): readonly ExemplarSeries[] {
  return objectsOf(data, 'exemplars').map((series) => ({
    labels: mergeLabels(labelsOf(series, 'seriesLabels'), externalLabels),
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
    throw new EndpointError('bad_data', `its answer holds an exemplar of value ${JSON.stringify(text)}`);
  return value;
}
