import { METRIC_NAME, withoutLabels, type Labels } from '../model/labels.ts';

/** Labels that say what a metric is; they leave together when a function changes its meaning (Prometheus schema). */
const METADATA: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

export function withoutMetadata(labels: Labels): Labels {
  return withoutLabels(labels, METADATA);
}
