import {
  METRIC_NAME,
  keepLabels,
  labelValue,
  labelsFrom,
  pairsOf,
  withoutLabels,
  type Labels,
  withoutMetricIdentity,
} from '../../../model/labels.ts';
import type { VectorMatching } from '../../../promql/ast.ts';

/** The labels by which two sides match; what a filled-in series is called. */
export function matchLabels({ on, labels }: VectorMatching, series: Labels): Labels {
  return on ? keepLabels(series, new Set(labels)) : withoutLabels(series, new Set([METRIC_NAME, ...labels]));
}

/**
 * The labels of a result (Prometheus `resultMetric`): those of the many side, without the metric name where the
 * operation changes the meaning; of one-to-one matches only the matching labels; and the labels that
 * `group_left`/`group_right` take from the one side.
 */
export function resultLabels(
  matching: VectorMatching,
  dropsIdentity: boolean,
): (many: Labels, one: Labels) => Labels {
  const { cardinality, on, labels, include } = matching;
  const names = new Set(labels);
  const included = new Set(include);
  return (many, one) => {
    let result = dropsIdentity ? withoutMetricIdentity(many) : many;
    if (cardinality === 'one-to-one') {
      result = on ? keepLabels(result, names) : withoutLabels(result, names);
    }
    if (included.size === 0) return result;
    const taken = include.map((name): [string, string] => [name, labelValue(one, name)]);
    return labelsFrom([...pairsOf(withoutLabels(result, included)), ...taken]);
  };
}
