import { answerCase } from './answer.ts';
import { responseProblem } from './compare-responses.ts';
import { readCorpus, type RecordedCase } from './corpus.ts';
import { corpusSource } from './samples.ts';

/** A recorded call that we answer otherwise. */
export interface Difference {
  readonly recorded: RecordedCase;
  readonly problem: string;
}

export interface CorpusReport {
  readonly cases: number;
  readonly differences: readonly Difference[];
}

/** Answers the recorded calls that `wanted` accepts and compares with what the server said. */
export async function runCorpus(
  wanted: (recorded: RecordedCase) => boolean = () => true,
): Promise<CorpusReport> {
  const cases = readCorpus().filter(wanted);
  const source = corpusSource();
  const differences: Difference[] = [];
  for (const recorded of cases) {
    const answer = await answerCase(recorded, source);
    const problem = responseProblem(recorded.params.query, recorded.response, answer);
    if (problem !== undefined) differences.push({ recorded, problem });
  }
  return { cases: cases.length, differences };
}

/** The functions, aggregations and other words of a query that are followed by a parenthesis. */
export function functionsOf(query: string): ReadonlySet<string> {
  return new Set([...query.matchAll(/\b([a-z_]\w*)\s*(?=\(|by\b|without\b)/g)].map(([, name]) => name!));
}
