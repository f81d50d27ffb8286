import type { Operator, SeriesHead } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';

/** What becomes of a series' labels. */
export type Rename = (head: SeriesHead) => SeriesHead;

/** Passes rows on under other labels: label_replace() and label_join(). Two series may end up with the same labels. */
export class Relabel implements Operator {
  series: readonly SeriesHead[] = [];
  readonly #child: Operator;
  readonly #rename: Rename;

  constructor(child: Operator, rename: Rename) {
    this.#child = child;
    this.#rename = rename;
  }

  async open(): Promise<void> {
    await this.#child.open();
    this.series = this.#child.series.map(this.#rename);
  }

  next(row: StepRow): number {
    return this.#child.next(row);
  }
}
