import { labelsKey, withoutLabels } from '../../model/labels.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import { provenHoles, type Gap } from './gaps.ts';

/** One replica's samples of a series: none before and behind, and none in the holes; ms. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly holes: readonly Gap[];
}

/**
 * Watches the series of shards where a replica was lost. One that stops without a stale marker and goes on later lacks
 * samples that the lost replica may have. Where the caller merges the replicas that are shown to it, a hole that another
 * replica fills is none.
 */
export class HoleWatch {
  readonly #range: TimeRange;
  readonly #mergedAbove: ReadonlySet<string>;
  /** The shards that are watched, with what was found: the first hole is enough. */
  readonly #holes = new Map<string, Gap | undefined>();
  /** By shard and series, where the caller merges replicas. */
  readonly #spans = new Map<string, Span[]>();

  /** @param range that the answer needs. */
  constructor(range: TimeRange, mergedAbove: ReadonlySet<string>) {
    this.#range = range;
    this.#mergedAbove = mergedAbove;
  }

  watch(shard: string): void {
    if (!this.#holes.has(shard)) this.#holes.set(shard, undefined);
  }

  /** Whether {@link look} wants the samples of a series. */
  wants(group: Pick<SeriesGroup, 'replicas'>): boolean {
    return this.#openShards(group).length > 0;
  }

  look(group: Pick<SeriesGroup, 'labels' | 'replicas'>, samples: SampleColumns): void {
    const open = this.#openShards(group);
    if (samples.length === 0 || open.length === 0) return;
    const { minTime, maxTime } = this.#range;
    const holes = provenHoles(samples, minTime, maxTime);
    if (this.#mergedAbove.size === 0) {
      for (const shard of open) this.#holes.set(shard, holes[0]);
      return;
    }
    const span = { first: samples.t[0]!, last: samples.t[samples.length - 1]!, holes };
    const series = labelsKey(withoutLabels(group.labels, this.#mergedAbove));
    for (const shard of open) {
      const key = `${shard}\n${series}`;
      const known = this.#spans.get(key);
      if (known === undefined) this.#spans.set(key, [span]);
      else known.push(span);
    }
  }

  /** The watched shards that replicas of a series belong to, without those in which a hole was found. */
  #openShards({ replicas }: Pick<SeriesGroup, 'replicas'>): readonly string[] {
    if (this.#holes.size === 0) return [];
    const shards = new Set(replicas.map(({ shard }) => shard));
    return [...shards].filter((shard) => this.#holes.has(shard) && this.#holes.get(shard) === undefined);
  }

  /** The first hole that was found in a shard so far. */
  holeIn(shard: string): Gap | undefined {
    const found = this.#holes.get(shard);
    if (found !== undefined || this.#mergedAbove.size === 0) return found;
    for (const [key, spans] of this.#spans)
      if (key.startsWith(`${shard}\n`)) {
        const hole = spans
          .flatMap(({ holes }) => holes)
          .find((each) => !spans.some((span) => fills(span, each)));
        if (hole !== undefined) return hole;
      }
    return undefined;
  }
}

function fills({ first, last, holes }: Span, { from, to }: Gap): boolean {
  return first <= from && last >= to && !holes.some((own) => own.from < to && own.to > from);
}
