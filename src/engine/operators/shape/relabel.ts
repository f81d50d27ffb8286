import type { Operator, SeriesHead } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';

/** What becomes of a series' labels. */
export type Rename = (head: SeriesHead) => SeriesHead;

/** Passes rows on under other labels: label_replace() and label_join(). Two series may end up with the same labels. */
export class Relabel implements Operator {
  series: readonly SeriesHead[] = [];
  readonly #child: Operator;
  readonly #prepare: () => Rename;

  /** @param prepare is called at `open`, and may throw where the arguments make no sense. */
  constructor(child: Operator, prepare: () => Rename) {
    this.#child = child;
    this.#prepare = prepare;
  }

  async open(): Promise<void> {
    const rename = this.#prepare();
    await this.#child.open();
    this.series = this.#child.series.map(rename);
  }

  next(row: StepRow): number {
    return this.#child.next(row);
  }
}
