import { QueryError } from '../../../model/errors.ts';
import { samplesOfBytes, type SampleBudget } from '../../sample-budget.ts';
import { StepKind, type StepRow } from '../../step-row.ts';

/** Whether a step of two rows counts as matched, whatever a filter then does with it. */
export type MatchTest = (left: StepRow, right: StepRow, out: StepRow, step: number) => boolean;

/** Remembers which steps were matched already under a key; a second match of the same step fails the query. */
export class MatchTracker {
  readonly #matched = new Map<string, Uint8Array>();
  readonly #isMatch: MatchTest;
  readonly #message: string;
  readonly #budget: SampleBudget;

  constructor(isMatch: MatchTest, message: string, budget: SampleBudget) {
    this.#isMatch = isMatch;
    this.#message = message;
    this.#budget = budget;
  }

  /** What {@link add} remembers of a key, a byte a step. */
  stepsOf(key: string, stepCount: number): Uint8Array {
    let matched = this.#matched.get(key);
    if (matched === undefined) {
      this.#budget.reserve(samplesOfBytes(stepCount));
      matched = new Uint8Array(stepCount);
      this.#matched.set(key, matched);
    }
    return matched;
  }

  /** Looks at the leading steps, as many as `matched` has. Throws `execution` at a second match. */
  add(matched: Uint8Array, left: StepRow, right: StepRow, out: StepRow): void {
    for (let step = 0; step < matched.length; step++) {
      if (!this.#isMatch(left, right, out, step)) continue;
      if (matched[step] === 1)
        throw new QueryError('execution', `multiple matches for labels: ${this.#message}`);
      matched[step] = 1;
    }
  }
}

/**
 * Comparisons that filter match wherever the samples can be compared; all other operations match where they gave a
 * result.
 */
export function matchTest(op: string, filters: boolean): MatchTest {
  if (!filters) return (_left, _right, out, step) => out.kind[step] !== StepKind.absent;
  const comparesHistograms = op === '==' || op === '!=';
  return (left, right, _out, step) => {
    const kind = left.kind[step]!;
    if (kind === StepKind.absent || kind !== right.kind[step]) return false;
    return kind === StepKind.float || comparesHistograms;
  };
}
