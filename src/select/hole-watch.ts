import type { Annotation } from '../model/annotations.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { SeriesGroup } from './replica-data.ts';
import { firstHole, formatGap, type Gap } from './witness-gap.ts';

/** An endpoint that was lost and is replaced by others, as far as anybody knows before their samples are read. */
export interface Replacement {
  /** The shard's labels as text. */
  readonly shard: string;
  /** What happened to the lost endpoint. */
  readonly what: string;
  /** The addresses of those that stand in for it. */
  readonly others: string;
}

/**
 * Watches, where a replica was lost, the series that others have in its place. One that stops without a stale marker and
 * goes on later lacks samples that the lost replica may have: that is a warning. It is no error, because series that are
 * written now and then look like that, too.
 */
export class HoleWatch {
  readonly #range: TimeRange;
  readonly #replacements: Replacement[] = [];
  readonly #holes = new Map<string, Gap>();

  /** @param range that the answer needs. */
  constructor(range: TimeRange) {
    this.#range = range;
  }

  add(replacement: Replacement): void {
    this.#replacements.push(replacement);
  }

  /** Looks at the samples of a series; the first hole of a shard is enough. */
  look({ replicas }: SeriesGroup, samples: SampleColumns): void {
    if (this.#replacements.length === 0) return;
    const { shard } = replicas[0]!;
    if (this.#holes.has(shard) || !this.#replacements.some((each) => each.shard === shard)) return;
    const hole = firstHole(samples, this.#range.minTime, this.#range.maxTime);
    if (hole !== undefined) this.#holes.set(shard, hole);
  }

  /** What came of it so far; final once the series were read. */
  findings(): readonly Annotation[] {
    return this.#replacements.map(({ shard, what, others }) => {
      const hole = this.#holes.get(shard);
      if (hole === undefined) return { severity: 'info', message: replacedMessage({ what, others }) };
      const message = `${what}; samples may be missing, since its replica ${others} has holes: ${formatGap(hole)}`;
      return { severity: 'warning', message };
    });
  }
}

export function replacedMessage({ what, others }: Pick<Replacement, 'what' | 'others'>): string {
  return `${what}; nothing is missing, its replica ${others} answered`;
}
