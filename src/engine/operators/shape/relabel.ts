import { QueryError } from '../../../model/errors.ts';
import type { Labels } from '../../../model/labels.ts';
import { nextRow, type Operator, type SeriesHead, type SeriesHeads } from '../../operator.ts';
import type { Pace, Pacer } from '../../../model/pacer.ts';
import type { StepRow } from '../../step-row.ts';

/** What becomes of a series' labels. */
export type Rename = (head: SeriesHead) => SeriesHead;

/** Characters; nested calls may double a value each time. */
const LONGEST_LABEL = 65_536;

/** Passes rows on under other labels: label_replace() and label_join(). Two series may end up with the same labels. */
export class Relabel implements Operator {
  series: SeriesHeads = [];
  readonly #pacer: Pacer;
  readonly #child: Operator;
  readonly #prepare: () => Rename;

  /** @param prepare is called at `open`, and may throw where the arguments make no sense. */
  constructor(pacer: Pacer, child: Operator, prepare: () => Rename) {
    this.#pacer = pacer;
    this.#child = child;
    this.#prepare = prepare;
  }

  async open(): Promise<void> {
    const rename = this.#prepare();
    await this.#child.open();
    const renamed: SeriesHead[] = [];
    for (const head of this.#child.series) {
      const result = rename(head);
      checkLength(result.labels);
      renamed.push(result);
      // A regular expression may take long for a single series.
      if (this.#pacer.due()) await this.#pacer.breathe();
    }
    this.series = renamed;
  }

  next(row: StepRow): number {
    return this.#child.next(row);
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    return nextRow(this.#child, row, pace);
  }
}

function checkLength(labels: Labels): void {
  const long = labels.findIndex((text) => text.length > LONGEST_LABEL);
  if (long < 0) return;
  throw new QueryError(
    'execution',
    `label ${labels[long - 1]} would get a value of ${labels[long]!.length} characters; ${LONGEST_LABEL} are allowed`,
  );
}
