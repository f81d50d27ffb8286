import type { Clock } from '../../model/clock.ts';
import type { Timers } from '../../model/timers.ts';
import { KnownOrigins } from './known-origins.ts';
import { Proofs } from './proofs.ts';
import { SeriesTargets } from './series-targets.ts';

/** How a shard of several replicas was read, and why not once. */
export type ReadingReason =
  /** One replica alone was asked. */
  | 'once'
  /** One replica was asked for all, its siblings for targets that it did not scrape all the time, or for the time in which it was away. */
  | 'once_but_holes'
  /** It was to be one, but some of its series had holes that its scrapes do not show: its siblings were asked for these. */
  | 'once_but_series'
  /** It was to be one, but a sibling told of new series: it was asked for those targets. */
  | 'once_but_new'
  /** It was to be one, but a replica was changed meanwhile, or did not tell in time: its siblings were asked for all. */
  | 'once_but_changed'
  /** All replicas, because the request has other replica labels, another way to deduplicate, or sees each replica. */
  | 'other_options'
  /** One of them is down or suspect. */
  | 'unhealthy'
  /** Series may come from elsewhere than from scrapes: they are those of rules, one of them is written to, or it does not tell. */
  | 'other_origins'
  /** Lately, they were not seen to have the same series, all of them of scraped targets. */
  | 'unproven'
  /** It is not known when they scraped their targets. */
  | 'unknown_scrapes'
  /** The preferred replica did not scrape many of the targets all the time. */
  | 'many_holes'
  /** A sibling has new series of many targets, or of any. */
  | 'many_new'
  /** The preferred replica failed or was slow. */
  | 'not_answered';

/** What reading one replica of a shard alone needs beside the index of scrapes; shared by all requests. */
export class ReadOnce {
  readonly proofs: Proofs;
  readonly origins: KnownOrigins;
  readonly targets: SeriesTargets = new SeriesTargets();
  /** Hears how each shard of several replicas was read. */
  readonly onRead: (reason: ReadingReason) => void;

  constructor(
    clock: Pick<Clock, 'monotonic'>,
    timers: Timers,
    onRead: (reason: ReadingReason) => void = () => undefined,
  ) {
    this.proofs = new Proofs(clock);
    this.origins = new KnownOrigins(clock, timers);
    this.onRead = onRead;
  }
}
