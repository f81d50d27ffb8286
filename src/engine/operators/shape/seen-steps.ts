import type { StepRow } from '../../step-row.ts';

/** Steps at which there was something. absent() and absent_over_time() answer the opposite. */
export class SeenSteps {
  /** 1 where there was something; loops write it themselves. */
  readonly at: Uint8Array;
  #written = false;

  constructor(steps: number) {
    this.at = new Uint8Array(steps);
  }

  /**
   * Fills the one series with 1 at every other step and returns its index; -1 where there is none, and the second time.
   */
  nextAbsent(row: StepRow): number {
    if (this.#written || !this.at.includes(0)) return -1;
    this.#written = true;
    row.clear();
    for (let step = 0; step < row.length; step++) if (this.at[step] === 0) row.setFloat(step, 1);
    return 0;
  }
}
