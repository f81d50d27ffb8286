import { QueryError } from '../../../model/errors.ts';
import { METRIC_NAME, labelValue, withLabel } from '../../../model/labels.ts';
import type { Rename } from '../shape/relabel.ts';
import { isLabelName } from './label-name.ts';

/** label_join(): the destination label becomes the source labels' values, joined. Throws `execution` for bad names. */
export function labelJoin(destination: string, separator: string, sources: readonly string[]): Rename {
  const bad = sources.find((source) => !isLabelName(source));
  if (bad !== undefined)
    throw new QueryError('execution', `invalid source label name in label_join(): ${bad}`);
  if (!isLabelName(destination))
    throw new QueryError('execution', `invalid destination label name in label_join(): ${destination}`);
  return ({ labels, dropName }) => {
    const joined = sources.map((source) => labelValue(labels, source)).join(separator);
    return {
      labels: withLabel(labels, destination, joined),
      dropName: destination === METRIC_NAME ? false : dropName,
    };
  };
}
