import type { MetricMetadata, TargetMetadata } from '../../model/metric-metadata.ts';
import { encodeLabels } from './labels.ts';
import { encodeItems, encodeObject } from './object.ts';
import { encodeString } from './string.ts';

/** Metadata by metric as `/api/v1/metadata` shows it. */
export function* encodeMetadata(metrics: ReadonlyMap<string, readonly MetricMetadata[]>): Generator<string> {
  let separator = '';
  yield '{';
  for (const [metric, list] of metrics) {
    yield `${separator}${encodeString(metric)}:${encodeItems(list, encodeItem)}`;
    separator = ',';
  }
  yield '}';
}

function encodeItem({ type, unit, help }: MetricMetadata): string {
  return encodeObject({ type: encodeString(type), unit: encodeString(unit), help: encodeString(help) });
}

/** One item of `/api/v1/targets/metadata`, where the metric is shown if none was asked for. */
export function encodeTargetMetadata(item: TargetMetadata, showMetric: boolean): string {
  return encodeObject({
    target: encodeLabels(item.target),
    metric: showMetric ? encodeString(item.metric) : undefined,
    type: encodeString(item.type),
    help: encodeString(item.help),
    unit: encodeString(item.unit),
  });
}
