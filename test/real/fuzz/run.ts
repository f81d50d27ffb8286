import type { ApiResponse } from '../../recorded/corpus.ts';
import type { Question } from '../../support/differential/answers.ts';
import { SteadyAsker } from './ask.ts';
import { comparable, compareGateways, directProblem, type Verdict } from './judge.ts';
import type { Questions } from './questions.ts';
import type { Servers } from './servers.ts';
import { readUse, type Use } from './use.ts';

/** What a run came to. */
export interface Outcome {
  queries: number;
  /** Answers of all three that were compared, and how many of them were errors on all sides, empty, or had values. */
  compared: number;
  errors: number;
  empty: number;
  withValues: number;
  /**
   * Answers of the gateways in which others of equal values are there, in which sums differ by their last digits, and in which something
   * around made more of that.
   */
  tied: number;
  nearly: number;
  carried: number;
  /** Queries that the direct server refuses for another reason. */
  otherReasons: number;
  /** Answers of the direct server that it does not give again, so that nothing can be compared with them. */
  unsteady: number;
  /** Answers with parts that servers computed, their steps, and steps that were kept. */
  pushedAnswers: number;
  pushedSteps: number;
  keptSteps: number;
  /** Queries that were asked again because a server was slow. */
  repeats: number;
  readonly differences: string[];
}

/** A problem may name all series of an answer. */
const LONGEST_PROBLEM = 1500;

/** A server is asked so often whether it agrees with itself. */
const MOST_TRIES = 5;

/** Has all steps evaluated. */
const ALL_ANEW = { cache: 'false' };

/** Asks all three the same, one query after the other, until the signal ends it. `onTold` hears at once of what differs. */
export async function runQuestions(
  servers: Servers,
  all: readonly Questions[],
  signal: AbortSignal,
  onTold: (text: string) => void,
  onQuery: (count: number) => void,
): Promise<Outcome> {
  const asker = new SteadyAsker();
  const outcome: Outcome = {
    queries: 0,
    compared: 0,
    errors: 0,
    empty: 0,
    withValues: 0,
    tied: 0,
    nearly: 0,
    carried: 0,
    otherReasons: 0,
    unsteady: 0,
    pushedAnswers: 0,
    pushedSteps: 0,
    keptSteps: 0,
    repeats: 0,
    differences: [],
  };
  let use = await readUse(servers.fullUrl);
  const differ = (question: Question, what: string, problem: string): void => {
    const text = describe(question, what, problem);
    outcome.differences.push(text);
    onTold(text);
  };
  for (const questions of all) {
    if (signal.aborted) break;
    for (const [question, more] of asked(questions)) {
      const answers = await Promise.all([
        asker.ask(servers.full, question, more),
        asker.ask(servers.plain, question),
        asker.ask(servers.direct, question),
      ]);
      const [full, plain, direct] = answers;
      const now = await readUse(servers.fullUrl);
      const mayHaveParts = now.pushedParts > use.pushedParts || now.keptSteps > use.keptSteps;
      count(outcome, question, answers, use, now);
      const verdict = await compareGateways(
        question,
        comparable(full),
        comparable(plain),
        mayHaveParts,
        async (again, parameters) => asker.ask(servers.full, again, parameters),
        async (again, parameters) => asker.ask(servers.plain, again, parameters),
      );
      take(outcome, verdict);
      // What was asked again counts for no other question.
      use = await readUse(servers.fullUrl);
      if (verdict.kind === 'different')
        differ(question, `the gateways, asked with ${JSON.stringify(more)}`, verdict.problem);
      const problem = directProblem(question, comparable(direct), comparable(plain));
      if (problem === undefined) continue;
      if (isRefusedOtherwise(direct, plain)) {
        outcome.otherReasons++;
        onTold(describe(question, 'the reasons to refuse it', problem));
      } else if (await isUnsteady(question, direct, async () => asker.ask(servers.direct, question))) {
        outcome.unsteady++;
        onTold(describe(question, 'what the server answers when it is asked again', problem));
      } else differ(question, 'the plain gateway and the direct server', problem);
    }
    onQuery(++outcome.queries);
  }
  return { ...outcome, repeats: asker.repeats };
}

/** What is kept proves nothing of the series of the steps that are left out, so longer ranges are asked with nothing kept as well. */
function asked(questions: Questions): readonly (readonly [Question, Readonly<Record<string, string>>])[] {
  return questions.flatMap((question, i) => {
    const once = [question, {}] as const;
    return i > 0 && question.step > 0 ? [once, [question, ALL_ANEW] as const] : [once];
  });
}

/** Of several reasons to refuse a query, the server may meet another one first: it evaluates parts one after the other, over all steps. */
function isRefusedOtherwise(direct: ApiResponse, plain: ApiResponse): boolean {
  return direct.status === 'error' && plain.status === 'error' && direct.errorType === plain.errorType;
}

/** Whether the server gives other answers when it is asked again, as it does where `limitk` chooses among what it holds in no order. */
async function isUnsteady(
  question: Question,
  first: ApiResponse,
  again: () => Promise<ApiResponse>,
): Promise<boolean> {
  for (let i = 0; i < MOST_TRIES; i++)
    if (directProblem(question, comparable(first), comparable(await again())) !== undefined) return true;
  return false;
}

function take(outcome: Outcome, { kind }: Verdict): void {
  if (kind === 'tied') outcome.tied++;
  if (kind === 'nearly') outcome.nearly++;
  if (kind === 'carried') outcome.carried++;
}

function count(
  outcome: Outcome,
  { start, end, step }: Question,
  answers: readonly ApiResponse[],
  before: Use,
  now: Use,
): void {
  outcome.compared++;
  const [full, plain, direct] = answers;
  if (answers.every(({ status }) => status === 'error')) {
    outcome.errors++;
  } else if ([full, plain, direct].every((each) => each?.data?.result.length === 0)) outcome.empty++;
  else outcome.withValues++;
  const steps = step === 0 ? 1 : Math.floor((end - start) / step) + 1;
  const parts = now.pushedParts - before.pushedParts;
  if (parts > 0) {
    outcome.pushedAnswers++;
    outcome.pushedSteps += steps * parts;
  }
  outcome.keptSteps += now.keptSteps - before.keptSteps;
}

function describe({ query, start, end, step }: Question, what: string, problem: string): string {
  const times =
    step === 0 ? `at ${start / 1000}` : `from ${start / 1000} to ${end / 1000} by ${step / 1000} s`;
  return `${query}\n  ${times}: ${what} differ: ${problem.slice(0, LONGEST_PROBLEM)}`;
}
