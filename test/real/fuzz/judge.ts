import { ALL_FEATURES } from '../../../src/promql/features.ts';
import type { Aggregate, AggregateOp, Expr } from '../../../src/promql/ast.ts';
import { parse } from '../../../src/promql/parse.ts';
import { print } from '../../../src/promql/print.ts';
import { children } from '../../../src/promql/walk.ts';
import { pointsOf } from '../../bench/e2e/measure/same-answer.ts';
import { parseApiNumber } from '../../recorded/compare-numbers.ts';
import { responseProblem } from '../../recorded/compare-responses.ts';
import type { ApiResponse, ApiSample } from '../../recorded/corpus.ts';
import type { Question } from '../../support/differential/answers.ts';
import { TOLERANCE } from '../../support/nearly-same.ts';
import { unnamed } from '../../property/engine/world.ts';
import { orderProblem } from './order.ts';

/** Two answers are the same to the last bit, or but for which of equal values are there, or but for the last digits of sums; or not. */
export type Verdict =
  | { readonly kind: 'same' | 'tied' | 'nearly' | 'carried' }
  | { readonly kind: 'different'; readonly problem: string };

/** Asks a gateway again, with parameters beside those of the question. */
export type AskAgain = (question: Question, more: Readonly<Record<string, string>>) => Promise<ApiResponse>;

const SUMS: ReadonlySet<AggregateOp> = new Set<AggregateOp>(['sum', 'avg']);
/** They add up groups, which come in another order where servers computed parts of them. */
const DEVIATIONS: ReadonlySet<AggregateOp> = new Set<AggregateOp>(['stddev', 'stdvar']);

const NOTHING_PUSHED = { pushdown: 'off', cache: 'false' };
const ALL_ANEW = { cache: 'false' };

/** What is compared of an answer: errors without the duplicates that they name, as any may be named, and scalars and texts as an element. */
export function comparable({ status, errorType, error, data, ...rest }: ApiResponse): ApiResponse {
  if (status === 'error') return { status, errorType: errorType!, error: unnamed(error!) };
  const { resultType, result } = data!;
  if (resultType !== 'scalar' && resultType !== 'string') return { status, data: data!, ...rest };
  const [time, text] = result as unknown as ApiSample;
  const element =
    resultType === 'scalar'
      ? { metric: {}, value: [time, text] as const }
      : { metric: { text }, value: [time, '0'] as const };
  return { status, data: { resultType, result: [element] }, ...rest };
}

/**
 * Compares the gateway that does all it can with the one that does nothing of it. All bits are the same, but where servers add a part
 * up: sums and averages may differ by 1e-12 of the greatest of what is added, and of equal values `topk` may keep others. Where that
 * does not show in the answer itself, because what is added cancels out or something around makes more of it, each sum of the query is
 * looked at by itself, and all has to be the same again where nothing is pushed.
 * @param mayHaveParts whether servers computed parts for this answer, or for steps of it that were kept.
 */
export async function compareGateways(
  question: Question,
  full: ApiResponse,
  plain: ApiResponse,
  mayHaveParts: boolean,
  askFull: AskAgain,
  askPlain: AskAgain,
): Promise<Verdict> {
  const { query } = question;
  const order = orderProblem(parsed(query), plain, full);
  if (order !== undefined) return { kind: 'different', problem: order };
  const strictly = responseProblem('', plain, full, 0);
  if (strictly === undefined) return { kind: 'same' };
  if (!mayHaveParts) return { kind: 'different', problem: strictly };
  const exactly = responseProblem(query, plain, full, 0);
  if (exactly === undefined) return { kind: 'tied' };
  const sums = aggregatesOf(query, SUMS);
  const addsUp = sums.length > 0 || aggregatesOf(query, DEVIATIONS).length > 0;
  if (addsUp && responseProblem(query, plain, full, TOLERANCE) === undefined) return { kind: 'nearly' };
  if (sums.length === 0) return { kind: 'different', problem: exactly };
  const unpushed = responseProblem(query, plain, await askFull(question, NOTHING_PUSHED), 0);
  if (unpushed !== undefined) return { kind: 'different', problem: `with nothing pushed: ${unpushed}` };
  for (const sum of sums) {
    const problem = await sumProblem(question, sum, askFull, askPlain);
    if (problem !== undefined) return { kind: 'different', problem: `${exactly}; ${print(sum)}: ${problem}` };
  }
  return { kind: 'carried' };
}

/** Compares a gateway with a server without gaps. */
export function directProblem(
  { query }: Question,
  direct: ApiResponse,
  plain: ApiResponse,
): string | undefined {
  const [wanted, got] = /\bcount_values\b/.test(query) ? [rounded(direct), rounded(plain)] : [direct, plain];
  return responseProblem(query, wanted, got) ?? orderProblem(parsed(query), wanted, got);
}

/** The same without the last digits of labels that are numbers: `count_values` makes labels of values, which show their last bit. */
function rounded(answer: ApiResponse): ApiResponse {
  const { data } = answer;
  if (data === undefined) return answer;
  const result = data.result.map((series) => ({
    ...series,
    metric: Object.fromEntries(
      Object.entries(series.metric).map(([name, value]) => [name, value.replace(FRACTION, toDigits)]),
    ),
  }));
  return { ...answer, data: { ...data, result } };
}

const FRACTION = /^-?\d+\.\d+(?:e[+-]?\d+)?$/;

function toDigits(value: string): string {
  return Number(value).toPrecision(12);
}

/** The aggregations of some kinds that a query evaluates at its steps, where servers may compute parts; none where it is no query. */
function aggregatesOf(query: string, ops: ReadonlySet<AggregateOp>): readonly Aggregate[] {
  const found: Aggregate[] = [];
  const root = parsed(query);
  const pending: Expr[] = root === undefined ? [] : [root];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    if (expr.kind === 'aggregate' && ops.has(expr.op)) found.push(expr);
    if (expr.kind !== 'subquery') pending.push(...children(expr));
  }
  return found;
}

function parsed(query: string): Expr | undefined {
  try {
    return parse(query, ALL_FEATURES);
  } catch {
    return undefined;
  }
}

/** Holds a sum against the greatest of what it adds up. */
async function sumProblem(
  question: Question,
  sum: Aggregate,
  askFull: AskAgain,
  askPlain: AskAgain,
): Promise<string | undefined> {
  const [most, least] = await Promise.all(
    (['max', 'min'] as const).map(async (op) => {
      const answer = await askPlain({ ...question, query: print({ ...sum, op }) }, {});
      return answer.data === undefined
        ? new Map<string, string>()
        : pointsOf(answer.data && { data: answer.data });
    }),
  );
  const own = { ...question, query: print(sum) };
  const [full, plain] = [await askFull(own, ALL_ANEW), await askPlain(own, {})];
  if (full.data === undefined || plain.data === undefined)
    return responseProblem(own.query, comparable(plain), comparable(full), 0);
  const [sums, wanted] = [pointsOf({ data: full.data }), pointsOf({ data: plain.data })];
  for (const key of new Set([...sums.keys(), ...wanted.keys()])) {
    const [a, b] = [wanted.get(key), sums.get(key)];
    if (a === b) continue;
    const greatest = Math.max(
      ...[most, least].map((map) => Math.abs(parseApiNumber(map!.get(key) ?? 'NaN'))),
    );
    const isNear =
      a !== undefined &&
      b !== undefined &&
      Math.abs(parseApiNumber(a) - parseApiNumber(b)) <= TOLERANCE * greatest;
    if (!isNear) return `${key} is ${b}, not ${a}, and the greatest of what is added is ${greatest}`;
  }
  return undefined;
}
