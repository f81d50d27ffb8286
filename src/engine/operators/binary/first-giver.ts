import { StepKind, type StepRow } from '../../step-row.ts';
import { samplesOfBytes, type SampleBudget } from '../../sample-budget.ts';
import { isEmpty } from '../row-contents.ts';

/** Which operand of a union was the first to give each match group a value, by step. */
export class FirstGiver {
  /** By group: the number of the operand at each step, counted from 1; 0 where there is no value so far. */
  readonly #givers = new Map<number, Uint8Array | Uint32Array>();
  readonly #budget: SampleBudget;
  readonly #operands: number;

  constructor(budget: SampleBudget, operands: number) {
    this.#budget = budget;
    this.#operands = operands;
  }

  /**
   * Takes those values away from a row that an operand in front has given its group already. All rows of an operand, counted from 1, have
   * to come before those of the next: they do not hide each other.
   */
  hideGiven(group: number, operand: number, row: StepRow): void {
    const givers = this.#givers.get(group) ?? this.#begin(group, operand, row);
    if (givers === undefined) return;
    for (let step = 0; step < row.length; step++) {
      if (row.kind[step] === StepKind.absent) continue;
      const giver = givers[step]!;
      if (giver === 0) givers[step] = operand;
      else if (giver !== operand) row.kind[step] = StepKind.absent;
    }
  }

  /** What the last operand gives hides nothing, so it is not kept. */
  #begin(group: number, operand: number, row: StepRow): Uint8Array | Uint32Array | undefined {
    if (operand === this.#operands || isEmpty(row)) return undefined;
    const Numbers = this.#operands < 256 ? Uint8Array : Uint32Array;
    this.#budget.reserve(samplesOfBytes(row.length * Numbers.BYTES_PER_ELEMENT));
    const givers = new Numbers(row.length);
    this.#givers.set(group, givers);
    return givers;
  }
}
