import type { Outcome } from './run.ts';
import type { Use } from './use.ts';

/** A run proves something where at least so many steps of each kind were in its answers, for each query. */
const LEAST_STEPS_PER_QUERY = 1;

/** What a run came to, for people; good if nothing differs, and if what was to be proven was used. */
export function report(
  outcome: Outcome,
  { pushedParts, onceReads, outcomes }: Use,
): { readonly lines: readonly string[]; readonly isGood: boolean } {
  const { queries, compared, errors, empty, withValues, tied, nearly, carried } = outcome;
  const { otherReasons, unsteady, pushedAnswers, pushedSteps, keptSteps, repeats, differences } = outcome;
  const unused = [
    ['parts that servers computed', pushedSteps],
    ['results that were kept', keptSteps],
  ] as const;
  const tooFew = unused.filter(([, steps]) => steps < LEAST_STEPS_PER_QUERY * Math.max(queries, 1));
  const lines = [
    `${queries} queries, ${compared} answers of each: ${withValues} with values, ${empty} empty, ${errors} errors on all sides`,
    `${pushedSteps} steps of ${pushedParts} parts that servers computed, in ${pushedAnswers} answers; ${keptSteps} steps of results that were kept; ${onceReads} reads of one replica`,
    `parts and reads: ${outcomes.join(', ')}`,
    `${nearly} answers of the gateways differ in the last digits of sums, ${carried} in what was made of those, ${tied} in which of equal values are there`,
    `${otherReasons} queries were refused by the server for another reason`,
    `${unsteady} answers of the server were left out, since it does not agree with itself`,
    `${repeats} asked again because a server was slow`,
    ...tooFew.map(([what]) => `Too few steps came of ${what}, so this proves nothing of them.`),
    `${differences.length} differences`,
  ];
  return { lines, isGood: differences.length === 0 && tooFew.length === 0 };
}
