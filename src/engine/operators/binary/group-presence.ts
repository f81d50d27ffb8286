import { StepKind, type StepRow } from '../../step-row.ts';
import { samplesOfBytes, type SampleBudget } from '../../sample-budget.ts';
import { isEmpty } from '../row-contents.ts';

/** At which steps each match group has a value. */
export class GroupPresence {
  readonly #steps = new Map<number, Uint8Array>();
  readonly #budget: SampleBudget;

  constructor(budget: SampleBudget) {
    this.#budget = budget;
  }

  add(group: number, row: StepRow): void {
    if (isEmpty(row)) return;
    let seen = this.#steps.get(group);
    if (seen === undefined) {
      this.#budget.reserve(samplesOfBytes(row.length));
      seen = new Uint8Array(row.length);
      this.#steps.set(group, seen);
    }
    for (let step = 0; step < row.length; step++) if (row.kind[step] !== StepKind.absent) seen[step] = 1;
  }

  /** Takes the values away from a row at the steps where the group has one. */
  hideWherePresent(group: number, row: StepRow): void {
    const seen = this.#steps.get(group);
    if (seen === undefined) return;
    for (let step = 0; step < row.length; step++) if (seen[step] === 1) row.kind[step] = StepKind.absent;
  }

  /** Takes the values away from a row at the steps where the group has none. */
  hideWhereAbsent(group: number, row: StepRow): void {
    const seen = this.#steps.get(group);
    if (seen === undefined) row.kind.fill(StepKind.absent);
    else for (let step = 0; step < row.length; step++) if (seen[step] === 0) row.kind[step] = StepKind.absent;
  }
}
