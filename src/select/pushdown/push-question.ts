import type { PartialsRequest } from '../../engine/series-source.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { RestQuestion } from '../read-once/rest-of-targets.ts';
import type { Margin } from '../series/margin.ts';

/** What is to be computed; of samples, what is needed and what is read otherwise. */
export interface PushQuestion extends RestQuestion {
  readonly partials: PartialsRequest;
  /** For series that are scraped so seldom at most, ms, the margin is enough. */
  readonly proven: number;
  /** When it is asked, ms since the epoch. */
  readonly now: number;
}

/** What is read where nothing is computed. */
export type Reading = Omit<PushQuestion, 'partials'>;

/** @param needed of samples, ms since the epoch. */
export function readingOf(
  needed: TimeRange,
  { range, margin, now }: Pick<Reading, 'range' | 'now'> & { readonly margin: Margin },
): Reading {
  return { needed, range, marginMs: margin.ms, proven: margin.proven, now };
}
