import type { SampleColumns } from '../model/sample-columns.ts';

/** One replica's samples of one series. */
export interface Replica {
  /** The replica labels' values, joined: orders ties, so that no choice depends on history or arrival. */
  readonly name: string;
  readonly columns: SampleColumns;
}
