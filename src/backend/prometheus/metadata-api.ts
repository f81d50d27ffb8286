import type { MetricMetadata, TargetMetadata } from '../../model/metric-metadata.ts';
import type { MetricMetadataRequest, TargetMetadataRequest } from '../list-calls.ts';
import type { Parameters } from './api-call.ts';
import { labelsOf, objectOf, objectsOf, textOf } from './json-fields.ts';
import { withPlainNames } from './old-names.ts';
import { selectorText } from './selector-text.ts';
import { type Externals, withExternals } from './with-external-labels.ts';

export function metadataParameters({ metric }: MetricMetadataRequest): Parameters {
  return metric === '' ? [] : [['metric', metric]];
}

/** Reads `/api/v1/metadata`: lists by metric. */
export function readMetadata(data: unknown): readonly MetricMetadata[] {
  return Object.entries(objectOf(data ?? {}, 'metadata')).flatMap(([metric, list]) =>
    objectsOf(list, 'metadata').map((item) => ({
      metric,
      type: textOf(item, 'type'),
      unit: textOf(item, 'unit'),
      help: textOf(item, 'help'),
    })),
  );
}

/**
 * Matchers are sent where they make a selector that every Prometheus takes: without quoted names, and one of them must
 * refuse the empty value. The caller checks the targets that come.
 */
export function targetMetadataParameters({ metric, matchers }: TargetMetadataRequest): Parameters {
  const plain = withPlainNames(matchers);
  const sendable = plain.some(({ kind, value }) => kind === '=' && value !== '');
  return [
    ...metadataParameters({ metric }),
    ...(sendable ? [['match_target', selectorText(plain)] as const] : []),
  ];
}

/** Reads `/api/v1/targets/metadata`; the metric is left out there where one was asked for. */
export function readTargetMetadata(
  data: unknown,
  { metric }: TargetMetadataRequest,
  externals: Externals,
): readonly TargetMetadata[] {
  return objectsOf(data, 'metadata').map((item) => ({
    target: withExternals(labelsOf(item, 'target'), externals),
    metric: textOf(item, 'metric') || metric,
    type: textOf(item, 'type'),
    unit: textOf(item, 'unit'),
    help: textOf(item, 'help'),
  }));
}
