import type { MetricMetadata } from '../../model/metric-metadata.ts';
import type { MetricMetadataResponse } from '../../wire/store-api/metric-metadata.ts';

export function readMetadata({ metadata }: MetricMetadataResponse): readonly MetricMetadata[] {
  return [...(metadata?.metadata ?? [])].flatMap(([metric, { metas }]) =>
    metas.map(({ type, unit, help }) => ({ metric, type, unit, help })),
  );
}
