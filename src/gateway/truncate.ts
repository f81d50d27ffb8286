import type { NotedList } from '../backend/backend.ts';
import type { QueryAnswer, QueryValue } from '../engine/answer.ts';
import type { Annotation } from '../model/annotations.ts';

const TRUNCATED: Annotation = { severity: 'warning', message: 'results truncated due to limit' };

/** Backends are asked for one more than the limit, so that cutting can be told from an exact fit. */
export function limitToAsk(limit: number): number {
  return limit > 0 ? limit + 1 : 0;
}

/** Keeps the first `limit` items and says so where there were more; 0 means no limit. */
export function truncateList<T>(list: NotedList<T>, limit: number): NotedList<T> {
  if (limit === 0 || list.items.length <= limit) return list;
  return { items: list.items.slice(0, limit), annotations: [...list.annotations, TRUNCATED] };
}

/** The same for the series of an answer; scalars and strings are never cut. */
export function truncateAnswer(answer: QueryAnswer, limit: number): QueryAnswer {
  const value = truncateValue(answer.value, limit);
  return value === answer.value
    ? answer
    : { ...answer, value, annotations: [...answer.annotations, TRUNCATED] };
}

function truncateValue(value: QueryValue, limit: number): QueryValue {
  if (limit === 0) return value;
  switch (value.kind) {
    case 'scalar':
    case 'string':
      return value;
    case 'vector':
      return value.samples.length <= limit ? value : { ...value, samples: value.samples.slice(0, limit) };
    case 'matrix':
      return value.series.length <= limit ? value : { ...value, series: value.series.slice(0, limit) };
  }
}
