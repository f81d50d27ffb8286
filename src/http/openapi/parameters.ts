import { DEDUP_MODES } from '../../model/dedup-mode.ts';
import type { Parameter } from './operation.ts';
import { BOOLEAN, INTEGER, list, oneOfWords, ref, STRING } from './schema.ts';

/** What Thanos' parameters and those of this server say about endpoints. All routes have them that ask endpoints. */
export const WISHES: readonly Parameter[] = [
  shared('dedup', 'Whether replicas become one series.', BOOLEAN),
  shared('dedup_func', 'How replicas become one series.', oneOfWords(...DEDUP_MODES)),
  shared('replicaLabels[]', 'Labels that tell replicas apart.', list(STRING)),
  shared('partial_response', 'Whether data may be missing, with a warning.', BOOLEAN),
  shared('storeMatch[]', 'Selectors on the address and the external labels of endpoints.', list(STRING)),
  shared('max_source_resolution', 'How coarse downsampled data may be: a duration, or auto.', STRING),
  shared('show_replaced', 'Whether infos tell of lost replicas that stand-ins make up for.', BOOLEAN),
  shared('pushdown', 'Whether servers may compute parts of aggregations: auto, or off.', STRING),
];

/** Of lists of series and labels. */
export const RANGE: readonly Parameter[] = [
  shared('start', 'First time.', ref('Time')),
  shared('end', 'Last time.', ref('Time')),
];

export const SELECTORS: Parameter = shared(
  'match[]',
  'Selectors; one of them must match a series.',
  list(STRING),
);

/** Of queries of both kinds. */
export const QUERY_OPTIONS: readonly Parameter[] = [
  { ...shared('query', 'An expression of PromQL.', STRING), isRequired: true },
  shared('timeout', 'Longest time of the query, if it is less than that of the server.', ref('Duration')),
  shared('lookback_delta', 'How far back an instant selector looks for a sample.', ref('Duration')),
];

export function limitOf(items: string): Parameter {
  return parameter('limit', `Most ${items}; 0 for no limit.`, INTEGER);
}

export function parameter(name: string, description: string, schema: Parameter['schema']): Parameter {
  return { name, description, schema };
}

export function required(given: Parameter): Parameter {
  return { ...given, isRequired: true, isShared: false };
}

export function inPath(name: string, description: string): Parameter {
  return { name, description, schema: STRING, isRequired: true, isInPath: true };
}

function shared(name: string, description: string, schema: Parameter['schema']): Parameter {
  return { name, description, schema, isShared: true };
}
