import type { SampleBuffer } from '../../../model/sample-columns.ts';
import type { SeriesHead } from '../../operator.ts';

/** Where a range function reads its series from: a selector's samples, or the steps of a subquery. */
export interface RangeSource {
  open(): Promise<void>;
  /** Valid after `open`. */
  readonly series: readonly SeriesHead[];
  /** Fills `target` with the next series' samples, stale markers left out; returns its index, -1 at the end. */
  next(target: SampleBuffer): number;
}
