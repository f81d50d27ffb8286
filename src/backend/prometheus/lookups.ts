import { METRIC_NAME, labelValue, pairsOf, type Labels } from '../../model/labels.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { EndpointItems, EndpointList } from '../answered.ts';
import type { LookupRequest, TakenRequest } from '../backend.ts';
import type { HttpClient } from './http-client.ts';
import type { Kind } from './kinds/kind.ts';
import { listLabelNames, listLabelValues, listSeries } from './label-api.ts';
import { listSeriesKeys } from './series-keys.ts';

type Listed<T> = Promise<EndpointList<T>>;

/** What series and labels a server has, without its external labels. All throw EndpointError. */
export interface Lookups {
  /** Those that the taker does not have. */
  series(request: TakenRequest, scope: CallScope): Promise<EndpointItems<Labels>>;
  labelNames(request: LookupRequest, scope: CallScope): Listed<string>;
  labelValues(label: string, request: LookupRequest, scope: CallScope): Promise<EndpointItems<string>>;
}

const NOTHING: EndpointList<never> = { items: [], annotations: [] };

const NO_LOOKUPS: Lookups = {
  series: () => Promise.resolve(NOTHING),
  labelNames: () => Promise.resolve(NOTHING),
  labelValues: () => Promise.resolve(NOTHING),
};

/** How a server of a kind is asked for them. */
export function lookupsOf(client: HttpClient, { lookups, parameters }: Kind): Lookups {
  switch (lookups) {
    case 'none':
      return NO_LOOKUPS;
    case 'series-keys':
      return bySeries((request, scope) => listSeriesKeys(client, request, scope));
    case 'api':
      return {
        series: (request, scope) => listSeries(client, request, scope, parameters),
        labelNames: (request, scope) => listLabelNames(client, request, scope, parameters),
        labelValues: (label, request, scope) => listLabelValues(client, label, request, scope, parameters),
      };
  }
}

/** Makes the other lists of that of series. */
function bySeries(series: (request: LookupRequest, scope: CallScope) => Listed<Labels>): Lookups {
  const distinct = async (
    request: LookupRequest,
    scope: CallScope,
    textsOf: (labels: Labels) => Iterable<string>,
  ): Listed<string> => {
    const { items, annotations } = await series({ ...request, limit: 0 }, scope);
    const texts = [...new Set(items.flatMap((labels) => [...textsOf(labels)]))].sort();
    return { items: request.limit > 0 ? texts.slice(0, request.limit) : texts, annotations };
  };
  return {
    series,
    labelNames: (request, scope) =>
      distinct(request, scope, (labels) => [METRIC_NAME, ...[...pairsOf(labels)].map(([name]) => name)]),
    labelValues: (label, request, scope) =>
      distinct(request, scope, (labels) => {
        const value = labelValue(labels, label);
        return value === '' ? [] : [value];
      }),
  };
}
