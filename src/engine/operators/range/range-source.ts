import type { Pace } from '../../../model/pacer.ts';
import type { SampleBuffer } from '../../../model/sample-columns.ts';
import type { SeriesHeads } from '../../operator.ts';

/** Where a range function reads its series from: a selector's samples, or the steps of a subquery. */
export interface RangeSource {
  open(): Promise<void>;
  /** Valid after `open`. */
  readonly series: SeriesHeads;
  /** Fills `target` with the next series' samples, stale markers left out; returns its index, -1 at the end. */
  next(target: SampleBuffer): number;
  /** Does what `next` does, giving way on the way. There where `next` takes long: of subqueries with many steps. */
  readonly nextPaced?: ((target: SampleBuffer, pace: Pace) => Promise<number>) | undefined;
}

/** The next series of a source as {@link RangeSource.next} gives it, giving way on the way where it takes long. */
export function nextSeries(source: RangeSource, target: SampleBuffer, pace: Pace): number | Promise<number> {
  return source.nextPaced === undefined ? source.next(target) : source.nextPaced(target, pace);
}
