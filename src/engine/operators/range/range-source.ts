import type { Pace } from '../../../model/pacer.ts';
import type { SampleBuffer } from '../../../model/sample-columns.ts';
import type { RangeLeaf } from '../../leaf/leaf.ts';
import type { SeriesHeads } from '../../operator.ts';
import type { RowSinks, RowStream } from '../../row-stream.ts';

/** Where a range function reads its series from: a selector's samples, or the steps of a subquery. */
export interface RangeSource {
  open(): Promise<void>;
  /** Valid after `open`. */
  readonly series: SeriesHeads;
  /** See {@link SelectedSet.isOneMetric}. */
  readonly isOneMetric?: boolean | undefined;
  /** Fills `target` with the next series' samples, stale markers left out; returns its index, -1 at the end. */
  next(target: SampleBuffer): number;
  /** Does what `next` does, giving way on the way. A promise comes back where it takes long, since waiting costs short series more. */
  readonly nextPaced?: ((target: SampleBuffer, pace: Pace) => number | Promise<number>) | undefined;
  /** Whether all series take long, as those of subqueries with many steps do. Undefined means false. */
  readonly isSlow?: boolean | undefined;
  /** What a function makes of the series, where other threads make it; see {@link SelectedSet.rows}. */
  rows?(call: SelectorCall, sinks: RowSinks): RowStream | undefined;
}

/** The next series of a source as {@link RangeSource.next} gives it, giving way on the way where it takes long. */
export function nextSeries(source: RangeSource, target: SampleBuffer, pace: Pace): number | Promise<number> {
  return source.nextPaced === undefined ? source.next(target) : source.nextPaced(target, pace);
}

/** A function of a selector, as far as the function alone knows. */
export type SelectorCall = Pick<RangeLeaf, 'func' | 'args' | 'usesStart'>;
