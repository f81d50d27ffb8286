import type { SampleBuffer } from '../../model/sample-columns.ts';
import { isMarker } from '../../model/stale.ts';
import { histogramSizeAt } from '../histogram-size.ts';
import { reduceToStats } from '../operators/select/histogram-stats.ts';
import type { SampleCounts } from '../sample-counts.ts';
import { StepKind, type StepRow } from '../step-row.ts';
import type { InstantLeaf, LeafRows } from './leaf.ts';

/** Rows of an instant selector: at each step the newest sample that is at most the lookback delta old and no stale marker. */
export class InstantRows implements LeafRows {
  readonly #leaf: InstantLeaf;
  readonly #counts: SampleCounts;
  readonly #references: Float64Array;
  /** How many of the samples the steps so far have passed. */
  #after = 0;
  /** The histogram that the step before has shown; -1 where there was none. */
  #last = -1;

  /** @param references the time that each step looks from, ms. */
  constructor(leaf: InstantLeaf, references: Float64Array, counts: SampleCounts) {
    this.#leaf = leaf;
    this.#references = references;
    this.#counts = counts;
  }

  fill(samples: SampleBuffer, _metricName: string, row: StepRow): number {
    this.begin(samples, row);
    return this.fillSteps(samples, row, 0, row.length);
  }

  /** Begins with the samples of another series. */
  begin(samples: SampleBuffer, row: StepRow): void {
    const { statsOnly, lookbackDelta } = this.#leaf;
    if (statsOnly) reduceToStats(samples, this.#references, lookbackDelta - 1);
    row.clear();
    this.#after = 0;
    this.#last = -1;
  }

  /** Fills steps [from, to), which follow those that were filled before, and returns what they count for. */
  fillSteps(samples: SampleBuffer, row: StepRow, from: number, to: number): number {
    const { lookbackDelta } = this.#leaf;
    const references = this.#references;
    const { t, length } = samples;
    let after = this.#after;
    let found = 0;
    for (let step = from; step < to; step++) {
      const reference = references[step]!;
      while (after < length && t[after]! <= reference) after++;
      const newest = after - 1;
      if (newest < 0 || t[newest]! <= reference - lookbackDelta) continue;
      if (isMarker(samples, newest)) continue;
      const size = this.#set(samples, row, step, newest);
      this.#counts.add(step, size);
      found += size;
    }
    this.#after = after;
    return found;
  }

  #set({ t, v, h, st }: SampleBuffer, row: StepRow, step: number, newest: number): number {
    const { output } = this.#leaf;
    if (output !== 'value') {
      row.setFloat(step, (output === 'timestamp' ? t[newest]! : (st?.[newest] ?? 0)) / 1000);
      return 1;
    }
    if (h?.has(newest) !== true) {
      row.kind[step] = StepKind.float;
      row.v[step] = v[newest]!;
      return 1;
    }
    if (newest === this.#last) row.repeatHistogram(step);
    else row.copyHistogram(step, h, newest);
    this.#last = newest;
    return histogramSizeAt(h, newest);
  }
}
