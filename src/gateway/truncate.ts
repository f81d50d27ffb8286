import type { QueryAnswer, QueryValue } from '../engine/answer.ts';
import { TRUNCATED } from '../model/annotations.ts';

/** Keeps the first `limit` series and says so where there were more; 0 means no limit. Scalars and strings are never cut. */
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
