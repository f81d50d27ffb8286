import type { QueryContext } from '../../context.ts';
import { nextRow, type Operator } from '../../operator.ts';
import { StepRow } from '../../step-row.ts';
import { countPresent, isEmpty } from '../row-contents.ts';

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
  const { pacer, budget } = query;
  const rows: StepRow[] = [];
  const index: number[] = [];
  let row = new StepRow(stepCount);
  if (pacer.due()) await pacer.breathe();
  for (;;) {
    const next = nextRow(operator, row, pacer);
    const series = typeof next === 'number' ? next : await next;
    if (series < 0) break;
    if (pacer.due()) await pacer.breathe();
    if (!isEmpty(row)) {
      budget.takeRow(stepCount, countPresent(row));
      rows.push(row);
      index.push(series);
      row = new StepRow(stepCount);
    }
    if (pacer.due()) await pacer.breathe();
  }
  return { rows, index };
}
