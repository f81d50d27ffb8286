import { coverOf } from '../../cluster/redundancy.ts';
import type { AnnotationSink } from '../../model/annotations.ts';
import { QueryError } from '../../model/errors.ts';
import { formatLabels } from '../../model/format-labels.ts';
import type { ReplicaData, SeriesGroup } from '../reading/replica-data.ts';

/**
 * Says that a replica's samples of a series could not be decoded and were left out: an info where a replica that
 * could holds the same series, else a warning, or without partial response an error. Names no series, so that a
 * thousand of them make one remark.
 */
export function reportUnreadable(
  group: SeriesGroup,
  broken: ReplicaData,
  reason: string,
  readable: readonly ReplicaData[],
  partialResponse: boolean,
  sink: AnnotationSink,
): void {
  const others = readable.map(({ endpoint }) => endpoint).filter((endpoint) => endpoint !== broken.endpoint);
  const covered = coverOf(broken.endpoint, others).kind === 'full';
  const what =
    `endpoint ${broken.endpoint.address} in shard ${broken.shard} sent chunks that can not be decoded ` +
    `(${reason}), so its samples of those series were left out`;
  if (covered) sink.info(`${what}; nothing is missing, a replica has them`);
  else if (partialResponse) sink.warn(what);
  else throw new QueryError('unavailable', `${what}; first seen in ${formatLabels(group.labels)}`);
}
