import { type Labels, METRIC_NAME, labelValue, pairsOf, withoutName } from './labels.ts';
import { quote } from './quote.ts';

const LEGACY_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LEGACY_METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A label name as PromQL writes it: bare where the classic character set allows it, quoted otherwise. */
export function formatLabelName(name: string): string {
  return LEGACY_NAME.test(name) ? name : quote(name);
}

/** A label set as Prometheus' error texts show it: `{__name__="x", a="b"}`. */
export function formatLabels(labels: Labels): string {
  return `{${joinPairs(labels)}}`;
}

/** A series as people write it: `name{a="b"}`, `name`, `{a="b"}`, or `{"odd name", a="b"}`. */
export function formatMetric(labels: Labels): string {
  const name = labelValue(labels, METRIC_NAME);
  const rest = joinPairs(withoutName(labels));
  if (name !== '' && !LEGACY_METRIC_NAME.test(name)) return `{${quote(name)}${rest && ', '}${rest}}`;
  return rest === '' && name !== '' ? name : `${name}{${rest}}`;
}

function joinPairs(labels: Labels): string {
  const pairs: string[] = [];
  for (const [name, value] of pairsOf(labels)) pairs.push(`${formatLabelName(name)}=${quote(value)}`);
  return pairs.join(', ');
}
