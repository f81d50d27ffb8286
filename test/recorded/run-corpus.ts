import { answerCase } from './answer.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { responseProblem } from './compare-responses.ts';
import { readCorpus, type RecordedCase } from './corpus.ts';
import { corpusSource } from './samples.ts';
import {
  comparableWith242,
  inCurrentWords,
  knownDifference,
} from '../support/differential/known-differences.ts';
import { OWN_RECORDING, type Recording } from '../support/recorded.ts';

/** A recorded call that we answer otherwise. */
export interface Difference {
  readonly recorded: RecordedCase;
  readonly problem: string;
}

export interface CorpusReport {
  readonly cases: number;
  readonly differences: readonly Difference[];
}

/**
 * Answers the recorded calls that `wanted` accepts and compares with what the server said; with our own recording but for
 * what changed since 2.42.
 */
export async function runCorpus(
  recording: Recording,
  wanted: (recorded: RecordedCase) => boolean = () => true,
): Promise<CorpusReport> {
  const cases = readCorpus(recording).filter(wanted);
  const source = corpusSource(recording);
  const differences: Difference[] = [];
  for (const recorded of cases) {
    const problem = await problemOf(recorded, source, recording === OWN_RECORDING);
    if (problem !== undefined) differences.push({ recorded, problem });
  }
  return { cases: cases.length, differences };
}

async function problemOf(
  recorded: RecordedCase,
  source: SeriesSource,
  isOld: boolean,
): Promise<string | undefined> {
  const { params, response } = recorded;
  if (!isOld) return responseProblem(params.query, response, await answerCase(recorded, source));
  const query = inCurrentWords(params.query);
  const answer = await answerCase({ ...recorded, params: { ...params, query } }, source);
  const problem = responseProblem(params.query, comparableWith242(response), comparableWith242(answer));
  return problem !== undefined && knownDifference(params.query, problem) === undefined ? problem : undefined;
}

/** The functions, aggregations and other words of a query that are followed by a parenthesis. */
export function functionsOf(query: string): ReadonlySet<string> {
  return new Set([...query.matchAll(/\b([a-z_]\w*)\s*(?=\(|by\b|without\b)/g)].map(([, name]) => name!));
}
