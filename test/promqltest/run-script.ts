import type { QueryAnswer, QueryValue } from '../../src/engine/answer.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { messageOf } from '../../src/model/errors.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import type { Expr } from '../../src/promql/ast.ts';
import { sourceOf } from '../support/backend-source.ts';
import { describeMatcher, matchesText, remarksProblem } from './compare-remarks.ts';
import { valueProblem } from './compare-value.ts';
import { type EvalTimes, evaluateExpr, parseExpr } from './engine.ts';
import { parseScript } from './parse-script.ts';
import type { EvalCommand } from './script.ts';
import { ScriptStorage } from './storage.ts';
import { pinnedVariants, type Variant } from './variants.ts';

/** How one `eval` of a script went. */
export interface CaseResult {
  readonly line: number;
  readonly expr: string;
  /** What was wrong; undefined where all was as expected. */
  readonly problem: string | undefined;
}

/** Runs all commands of a script. Throws ScriptError where it does not follow the language. */
export async function runScript(text: string): Promise<readonly CaseResult[]> {
  const storage = new ScriptStorage();
  const results: CaseResult[] = [];
  for (const command of parseScript(text)) {
    if (command.kind === 'clear') storage.clear();
    else if (command.kind === 'load') storage.load(command);
    else results.push(await runEval(command, sourceOfStorage(storage)));
  }
  return results;
}

function sourceOfStorage(storage: ScriptStorage): SeriesSource {
  const backend = createMemoryBackend({
    address: 'script',
    externalLabels: EMPTY_LABELS,
    series: storage.series(),
  });
  return sourceOf(backend);
}

async function runEval(command: EvalCommand, source: SeriesSource): Promise<CaseResult> {
  const { line, expr } = command;
  try {
    const parsed = parseExpr(expr);
    const variants: readonly Variant[] = [
      { expr: parsed, time: command.end },
      ...(command.isRange ? [] : pinnedVariants(parsed, command.end)),
    ];
    for (const [i, variant] of variants.entries()) {
      const problem = command.isRange
        ? await rangeProblem(command, parsed, source)
        : await instantProblem(command, variant, source);
      if (problem === undefined) continue;
      const where = i === 0 ? '' : `pinned by @, evaluated at ${variant.time}: `;
      return { line, expr, problem: where + problem };
    }
    return { line, expr, problem: undefined };
  } catch (thrown) {
    return { line, expr, problem: messageOf(thrown) };
  }
}

async function rangeProblem(
  command: EvalCommand,
  expr: Expr,
  source: SeriesSource,
): Promise<string | undefined> {
  const { problem } = await checked(command, expr, command, source);
  return problem;
}

async function instantProblem(
  command: EvalCommand,
  { expr, time }: Variant,
  source: SeriesSource,
): Promise<string | undefined> {
  const { problem, value } = await checked(command, expr, { start: time, end: time, step: 0 }, source);
  if (problem !== undefined || value === undefined) return problem;
  const inRange = await middleStepProblem(command, expr, time, value, source);
  return inRange && `as the middle step of a range query: ${inRange}`;
}

interface Checked {
  readonly problem: string | undefined;
  /** The value where the query gave one. */
  readonly value: QueryValue | undefined;
}

/** Evaluates once and compares failure, remarks and value with what is expected. */
async function checked(
  { expr: text, expected }: EvalCommand,
  expr: Expr,
  times: EvalTimes,
  source: SeriesSource,
): Promise<Checked> {
  let answer: QueryAnswer;
  try {
    answer = await evaluateExpr(text, expr, times, source);
  } catch (thrown) {
    const { failure } = expected;
    if (failure !== undefined && matchesText(failure, messageOf(thrown)))
      return { problem: undefined, value: undefined };
    const wanted = failure === undefined ? 'a value' : `a failure ${describeMatcher(failure)}`;
    return { problem: `expected ${wanted}, got the failure ${messageOf(thrown)}`, value: undefined };
  }
  if (expected.failure !== undefined) return { problem: 'expected a failure, got a value', value: undefined };
  const problem =
    remarksProblem(expected, answer.annotations) ??
    valueProblem(expected.value, answer.value, expected.ordered);
  return { problem, value: answer.value };
}

const MINUTE = 60_000;

/** A range query must give at each step what the instant query gives at that time. */
async function middleStepProblem(
  { expr: text, expected }: EvalCommand,
  expr: Expr,
  time: number,
  instant: QueryValue,
  source: SeriesSource,
): Promise<string | undefined> {
  const isRangeVector = expected.value.kind === 'series' && expected.value.times.isRangeVector;
  if (isRangeVector || expected.value.kind === 'string' || /(?:start|end|range|step)\(\)/.test(text))
    return undefined;
  const times = { start: time - MINUTE, end: time + MINUTE, step: MINUTE };
  const { value } = await evaluateExpr(text, expr, times, source);
  if (value.kind !== 'matrix') return `expected a matrix, got a ${value.kind}`;
  if (expected.ordered) return undefined;
  const samples = value.series.flatMap(({ labels, columns }) => {
    const i = columns.t.subarray(0, columns.length).indexOf(time);
    return i === -1 ? [] : [{ labels, t: time, v: columns.v[i]!, h: columns.h?.at(i) }];
  });
  if (instant.kind === 'scalar' && samples.length !== 1) return `expected a point, got ${samples.length}`;
  const middle: QueryValue =
    instant.kind === 'scalar' ? { kind: 'scalar', t: time, v: samples[0]!.v } : { kind: 'vector', samples };
  return valueProblem(expected.value, middle, false);
}
