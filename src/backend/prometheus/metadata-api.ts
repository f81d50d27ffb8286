import type { Pacer } from '../../model/pacer.ts';
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
export async function readMetadata(data: unknown, pacer: Pacer): Promise<readonly MetricMetadata[]> {
  const metadata: MetricMetadata[] = [];
  const byMetric = objectOf(data ?? {}, 'metadata');
  await pacer.forEach(Object.keys(byMetric), (metric) => {
    for (const item of objectsOf(byMetric[metric], 'metadata'))
      metadata.push({
        metric,
        type: textOf(item, 'type'),
        unit: textOf(item, 'unit'),
        help: textOf(item, 'help'),
      });
  });
  return metadata;
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
  pacer: Pacer,
): Promise<readonly TargetMetadata[]> {
  return pacer.map(objectsOf(data, 'metadata'), (item) => ({
    target: withExternals(labelsOf(item, 'target'), externals),
    metric: textOf(item, 'metric') || metric,
    type: textOf(item, 'type'),
    unit: textOf(item, 'unit'),
    help: textOf(item, 'help'),
  }));
}
