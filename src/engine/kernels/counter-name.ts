import { METRIC_NAME, labelValue, type Labels } from '../../model/labels.ts';
import { possibleNonCounter, possibleNonCounterLabel } from './remarks.ts';

const COUNTER_SUFFIX = /_(?:total|sum|count|bucket)$/;

/**
 * What Prometheus remarks when `rate` or `increase` gave floats for a series that does not look like a counter.
 * @param labels of the series that was read, with its name.
 * @param byTypeLabel looks at `__type__` instead of the name (feature `type-and-unit-labels`).
 * @returns the info message, or undefined where there is nothing to say.
 */
export function counterNameRemark(labels: Labels, byTypeLabel: boolean): string | undefined {
  const name = labelValue(labels, METRIC_NAME);
  if (name === '') return undefined;
  if (!byTypeLabel) return COUNTER_SUFFIX.test(name) ? undefined : possibleNonCounter(name);
  const type = labelValue(labels, '__type__');
  return type === 'counter' || type === 'histogram' ? undefined : possibleNonCounterLabel(name, type);
}
