import type { RawSeries } from '../../src/model/raw-data.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import type { WatchedSeries } from './workload.ts';

/** What one replica has, in chunks as it would keep them. */
export function seriesOf(replica: 'a' | 'b', all: readonly WatchedSeries[]): readonly RawSeries[] {
  return all.map((watched) => ({
    labels: labelsFromRecord({ __name__: watched.metric, ...watched.labels }),
    data: { kind: 'chunks', chunks: encodeColumns(watched[replica]) },
  }));
}
