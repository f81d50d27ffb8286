import type { ItemList } from '../model/lazy-list.ts';
import { METRIC_NAME, labelValue, type Labels } from '../model/labels.ts';
import type { Pace } from '../model/pacer.ts';
import { isLong } from './row-parts.ts';
import type { StepRow } from './step-row.ts';

/** One series of an operator's output, known before its values are. */
export interface SeriesHead {
  readonly labels: Labels;
  /** The metric name, where it is cheaper to ask for than all labels; see {@link metricNameOf}. */
  readonly metricName?: string;
  /** The value of a label, empty where it is absent, where that is cheaper to ask for than all labels; see {@link labelOf}. */
  readonly labelOf?: (name: string) => string;
  /**
   * The metric name no longer describes the values. Without delayed name removal the labels come without it already;
   * with it (feature `promql-delayed-name-removal`) the name leaves at the end of the query.
   */
  readonly dropName: boolean;
}

/** Many are made when they are looked at: take one in hand rather than ask for it again. */
export type SeriesHeads = ItemList<SeriesHead>;

/** The metric name of a series; empty where it has none. */
export function metricNameOf(head: SeriesHead): string {
  return head.metricName ?? labelValue(head.labels, METRIC_NAME);
}

/** The value of a label of a series; empty where it is absent. */
export function labelOf(head: SeriesHead, name: string): string {
  return head.labelOf === undefined ? labelValue(head.labels, name) : head.labelOf(name);
}

/**
 * One node of the running query: pulls rows, one series at a time. The order of rows is the order of an instant
 * vector's elements. Use: `await open()` once, then read `series`, then call `next` until it returns -1.
 */
export interface Operator {
  /**
   * Prepares: waits for samples, and operators that need all of their input read it here, yielding to the event loop
   * on the way. Throws a QueryError.
   */
  open(): Promise<void>;
  /**
   * Heads by dense series index; valid after `open`. There may be series without a single value, and the same labels
   * may occur twice only where the operator says so.
   */
  readonly series: SeriesHeads;
  /** Whether no two heads have the same labels; valid after `open`. Left out where nobody knows without comparing them. */
  readonly isDistinct?: boolean | undefined;
  /**
   * Fills `row` (as long as the operator's grid; its old content is overwritten) with the next series and returns
   * that series' index, or -1 when there are no more. Each index comes at most once with a value in its row, in any
   * order. A row without any value means no more than that another call is due: work for many series is never done in
   * one call, so that the reader can give way between. Synchronous and without side effects beyond the query. Throws a
   * QueryError of kind `execution`.
   */
  next(row: StepRow): number;
  /**
   * Does what `next` does, and gives way on the way where the row is long. Operators that compute or ask a child have it;
   * those that hand out rows which they hold do not. Both may be called in turns.
   */
  nextPaced?(row: StepRow, pace: Pace): Promise<number>;
}

/** The next row of an operator as {@link Operator.next} gives it; long rows are made giving way. */
export function nextRow(operator: Operator, row: StepRow, pace: Pace): number | Promise<number> {
  return operator.nextPaced === undefined || !isLong(row.length)
    ? operator.next(row)
    : operator.nextPaced(row, pace);
}

/**
 * Reads the rest of an opened operator into `row`, one series after the other, and gives way between them. `visit` takes
 * what it needs of the row.
 */
export async function eachRow(
  operator: Operator,
  row: StepRow,
  pace: Pace,
  visit: (index: number) => void | Promise<void>,
): Promise<void> {
  for (;;) {
    const next = nextRow(operator, row, pace);
    // Waiting for a number costs a short row more than reading it.
    const index = typeof next === 'number' ? next : await next;
    if (index < 0) return;
    if (isLong(row.length) && pace.due()) await pace.breathe();
    const visited = visit(index);
    if (visited !== undefined) await visited;
    if (pace.due()) await pace.breathe();
  }
}
