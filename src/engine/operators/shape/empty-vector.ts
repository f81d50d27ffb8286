import type { Operator, SeriesHead } from '../../operator.ts';

/** A vector without elements. */
export class EmptyVector implements Operator {
  readonly series: readonly SeriesHead[] = [];

  async open(): Promise<void> {}

  next(): number {
    return -1;
  }
}
