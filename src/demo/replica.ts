import { labelsFromRecord, METRIC_NAME, type Labels } from '../model/labels.ts';
import { appendRange, SampleBuffer } from '../model/sample-columns.ts';
import { isAway, isMissed, type ReplicaScript } from './schedule.ts';
import { scrape, type Exposed } from './scrape.ts';
import { SCRAPE_INTERVAL_MS, type Target } from './targets.ts';

/** A series that grows while the demo runs. */
export interface LiveSeries {
  readonly labels: Labels;
  readonly columns: SampleBuffer;
}

/** A target, and when it was scraped last. */
export interface ScrapedTarget {
  readonly target: Target;
  readonly at: number | undefined;
}

/** The scraping half of one simulated Prometheus: its targets, what goes wrong with it, and the samples it has. */
export class ReplicaScraper {
  readonly #targets: readonly Target[];
  readonly #script: ReplicaScript;
  readonly #startedAt: number;
  /** Replicas scrape the same target at moments of their own, ms. */
  readonly #lag: number;
  /** By target: one for each thing that it exposes, in their order, and `up`. */
  readonly #series = new Map<Target, readonly LiveSeries[]>();
  #scrapedUntil: number;

  constructor(options: {
    readonly targets: readonly Target[];
    readonly script: ReplicaScript;
    /** ms since the epoch. */
    readonly startedAt: number;
    readonly historyMs: number;
    readonly lag: number;
  }) {
    this.#targets = options.targets;
    this.#script = options.script;
    this.#startedAt = options.startedAt;
    this.#lag = options.lag;
    this.#scrapedUntil = options.startedAt - options.historyMs;
  }

  isAway(now: number): boolean {
    return isAway(this.#script, now - this.#startedAt);
  }

  series(): Iterable<LiveSeries> {
    return [...this.#series.values()].flat();
  }

  /** Each target with its newest scrape; `at` (ms since the epoch) is undefined where it was not scraped yet. */
  targets(): readonly ScrapedTarget[] {
    return this.#targets.map((target) => {
      const { length = 0, t } = this.#series.get(target)?.at(-1)?.columns ?? {};
      return { target, at: t?.[length - 1] };
    });
  }

  /** Drops samples before `time` (ms) once they are the larger part, so that a demo left alone keeps its size. */
  forgetBefore(time: number): void {
    for (const { columns } of this.series()) {
      if (columns.length === 0 || columns.t[columns.length >> 1]! >= time) continue;
      const first = columns.t.subarray(0, columns.length).findIndex((t) => t >= time);
      const kept = new SampleBuffer(columns.length);
      appendRange(kept, columns, first === -1 ? columns.length : first, columns.length);
      columns.clear();
      appendRange(columns, kept, 0, kept.length);
    }
  }

  /** Takes every scrape that is due up to `now` (ms since the epoch). */
  advance(now: number): void {
    for (const target of this.#targets) {
      const phase = (target.phase + this.#lag) % SCRAPE_INTERVAL_MS;
      const first = Math.floor((this.#scrapedUntil - phase) / SCRAPE_INTERVAL_MS) + 1;
      const last = Math.floor((now - phase) / SCRAPE_INTERVAL_MS);
      for (let number = first; number <= last; number++) {
        const at = number * SCRAPE_INTERVAL_MS + phase;
        const lost = this.isAway(at) || isMissed(this.#script, number);
        if (!lost) this.#take(target, at);
      }
    }
    this.#scrapedUntil = now;
  }

  #take(target: Target, at: number): void {
    const { isReachable } = target;
    const exposed: readonly Exposed[] = [
      ...(isReachable ? scrape(target, at) : []),
      { name: 'up', labels: {}, value: Number(isReachable) },
    ];
    let series = this.#series.get(target);
    if (series === undefined) {
      series = exposed.map((each) => emptySeries(target, each));
      this.#series.set(target, series);
    }
    for (const [i, { value }] of exposed.entries()) {
      const { columns } = series[i]!;
      if (typeof value === 'number') columns.push(at, value);
      else columns.pushHistogram(at, value);
    }
  }
}

function emptySeries({ job, instance }: Target, { name, labels }: Exposed): LiveSeries {
  return {
    labels: labelsFromRecord({ ...labels, job, instance, [METRIC_NAME]: name }),
    columns: new SampleBuffer(1024),
  };
}
