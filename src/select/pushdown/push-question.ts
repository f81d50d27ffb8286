import type { PartialsRequest } from '../../engine/series-source.ts';
import type { RestQuestion } from '../read-once/rest-of-targets.ts';

/** What is to be computed; of samples, what is needed and what is read otherwise. */
export interface PushQuestion extends RestQuestion {
  readonly partials: PartialsRequest;
  /** For series that are scraped so seldom at most, ms, the margin is enough. */
  readonly proven: number;
  /** When it is asked, ms since the epoch. */
  readonly now: number;
}
