import type { QueryContext } from '../../context.ts';
import type { Operator } from '../../operator.ts';
import { StepRow } from '../../step-row.ts';
import { isEmpty } from '../row-contents.ts';

/** Rows kept in memory, in the order in which they came; rows without any value are left out. */
export interface HeldRows {
  readonly rows: readonly StepRow[];
  /** Series index of each row. */
  readonly index: readonly number[];
}

/** Reads an opened operator to its end, giving way to the event loop between series. */
export async function holdRows(
  operator: Operator,
  stepCount: number,
  query: QueryContext,
): Promise<HeldRows> {
  const { pacer } = query;
  const rows: StepRow[] = [];
  const index: number[] = [];
  let row = new StepRow(stepCount);
  for (let series = operator.next(row); series >= 0; series = operator.next(row)) {
    if (!isEmpty(row)) {
      rows.push(row);
      index.push(series);
      row = new StepRow(stepCount);
    }
    if (pacer.due()) await pacer.breathe();
  }
  return { rows, index };
}
