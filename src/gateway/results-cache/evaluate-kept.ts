import type { QueryAnswer, QueryStats } from '../../engine/answer.ts';
import type { EngineQuery } from '../../engine/evaluate.ts';
import { EngineFeature } from '../../engine/features.ts';
import { timeOfStep } from '../../engine/step-grid.ts';
import { AnnotationSink, type Annotation } from '../../model/annotations.ts';
import { bug } from '../../model/errors.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { answerBytes } from '../answer-bytes.ts';
import type { GatewayContext } from '../parts.ts';
import type { AskedSteps, KeepableQuery } from './asked-steps.ts';
import { mayBeKept } from './may-be-kept.ts';
import { PIECE_STEPS, pieceOf } from './piece-steps.ts';
import type { Found, ResultsOutcome } from './results-cache.ts';
import { cutStretch, joinStretches, stepsOf, type Stretch } from './stretch.ts';
import { type View, viewOf } from './view.ts';
import { isWorthwhile, wantedSteps } from './wanted-steps.ts';

type Parts = Pick<GatewayContext, 'results' | 'clock' | 'selection' | 'planning' | 'features' | 'onResults'>;

/** What answers a query with the scope, and the caller's wishes, of the request. */
type Evaluate = (query: EngineQuery) => Promise<QueryAnswer>;

/** Evaluates a range query, but for the steps whose results are kept. The answer is that of evaluating all of them at once. */
export async function evaluateKept(
  parts: Parts,
  scope: RequestScope,
  query: KeepableQuery,
  evaluate: Evaluate,
): Promise<QueryAnswer> {
  const { results, clock, selection, onResults } = parts;
  const wanted = wantedSteps(parts, scope, query);
  if (wanted.kind === 'nothing') {
    const outcome = wanted.because === 'around' ? 'around' : 'unfit';
    onResults?.({ outcome, keptSteps: 0, sharedSteps: 0, evaluatedSteps: 0 });
    return evaluate(query);
  }
  const { asked, view } = wanted;
  const { key } = wanted.steps;
  const pacer = new Pacer(scope);
  const kept = worthwhile(await results.find(wanted.steps, pacer, scope.budget), asked);
  const since = clock.monotonic();
  const evaluated = await evaluateAround(query, asked, kept, evaluate);
  // Remarks may have numbers that are joined over all steps.
  if (evaluated.answers.filter(hasRemarks).length > 1) {
    onResults?.({ outcome: 'unfit', keptSteps: 0, sharedSteps: 0, evaluatedSteps: asked.to - asked.from });
    return evaluate(query);
  }
  const stretches = [...evaluated.before, ...kept.stretches, ...evaluated.behind];
  if (kept.stretches.length > 0)
    for (const { series } of stretches) scope.budget.take(answerBytes({ kind: 'matrix', series }));
  const joined = await joinStretches(stretches, pacer);
  const whole = { ...joined, annotations: joinAnnotations(stretches) };

  const keptSteps = stepsOf(kept.stretches);
  const evaluatedSteps = asked.to - asked.from - keptSteps;
  const { sharedSteps } = kept;
  const ageMs = keptSteps === 0 ? undefined : since - kept.since;
  onResults?.({
    outcome: outcomeOf(keptSteps, evaluatedSteps),
    keptSteps,
    sharedSteps,
    evaluatedSteps,
    ageMs,
  });
  if (evaluatedSteps > 0 && viewOf(selection.topology()).key === view.key) {
    const fresh = [...evaluated.before, ...evaluated.behind];
    const settled = asked.settled - unsettledSteps(evaluated.answers, query.step);
    for (const piece of piecesToKeep(settled, view, whole, stretches, fresh)) {
      const cut = await cutStretch(whole, asked.numbers, piece.from, piece.to, pacer);
      const isOld = kept.stretches.some((each) => overlap(each, piece));
      const oldest = isOld ? Math.min(since, kept.since) : since;
      await results.keep(key, asked.numbers, { ...cut, annotations: piece.annotations }, oldest, pacer);
    }
  }
  const showsSteps = parts.features.has(EngineFeature.perStepStats);
  return {
    value: { kind: 'matrix', series: whole.series },
    annotations: whole.annotations,
    stats: { ...statsOf(evaluated.answers, whole, showsSteps), keptSteps, sharedSteps },
  };
}

function worthwhile(found: Found, asked: AskedSteps): Found {
  return isWorthwhile(stepsOf(found.stretches), asked)
    ? found
    : { stretches: [], since: Infinity, sharedSteps: 0 };
}

function outcomeOf(keptSteps: number, evaluatedSteps: number): ResultsOutcome {
  if (keptSteps === 0) return 'miss';
  return evaluatedSteps === 0 ? 'hit' : 'part';
}

interface Evaluated {
  readonly before: readonly Stretch[];
  readonly behind: readonly Stretch[];
  readonly answers: readonly QueryAnswer[];
}

/** Evaluates the steps on both sides of those that are kept; all of them where none are. */
async function evaluateAround(
  query: KeepableQuery,
  { numbers, from, to }: AskedSteps,
  { stretches }: Found,
  evaluate: Evaluate,
): Promise<Evaluated> {
  const answers: QueryAnswer[] = [];
  const steps = async (begin: number, end: number): Promise<readonly Stretch[]> => {
    if (begin === end) return [];
    // The end of a query need not be a step.
    const last = end === to ? query.end : timeOfStep(numbers, end - 1);
    const answer = await evaluate({
      ...query,
      start: timeOfStep(numbers, begin),
      end: last,
      countsSteps: true,
    });
    answers.push(answer);
    return [stretchOf(answer, begin, end)];
  };
  const keptFrom = stretches[0]?.from ?? from;
  const keptTo = stretches.at(-1)?.to ?? from;
  return { before: await steps(from, keptFrom), behind: await steps(keptTo, to), answers };
}

/** So many of the steps whose samples do not change any more may still change, as samples behind them decide from which replica those are taken. */
function unsettledSteps(answers: readonly QueryAnswer[], step: number): number {
  return Math.ceil(answers.reduce((longest, { settleMs = 0 }) => Math.max(longest, settleMs), 0) / step);
}

function hasRemarks({ annotations }: QueryAnswer): boolean {
  return annotations.some(({ kind }) => kind === 'remark');
}

function stretchOf({ value, annotations, stats }: QueryAnswer, from: number, to: number): Stretch {
  if (value.kind !== 'matrix') return bug('a range query came to no matrix');
  const counts = stats.perStep ?? bug('the engine did not count the samples of each step');
  return { from, to, series: value.series, counts, annotations };
}

/** What is said of all stretches, each thing once. */
function joinAnnotations(stretches: readonly Stretch[]): readonly Annotation[] {
  if (stretches.length === 1) return stretches[0]!.annotations;
  const sink = new AnnotationSink();
  for (const { annotations } of stretches) sink.addAll(annotations);
  return sink.list();
}

function overlap(a: Pick<Stretch, 'from' | 'to'>, b: Pick<Stretch, 'from' | 'to'>): boolean {
  return a.from < b.to && b.from < a.to;
}

/**
 * The steps of each piece that may be kept and of which some were evaluated now.
 * @param settled steps from this one on may still change.
 */
function* piecesToKeep(
  settled: number,
  { away }: View,
  whole: Stretch,
  stretches: readonly Stretch[],
  fresh: readonly Stretch[],
): Generator<Pick<Stretch, 'from' | 'to' | 'annotations'>> {
  const end = Math.min(whole.to, settled);
  for (let piece = pieceOf(whole.from); piece * PIECE_STEPS < end; piece++) {
    const from = Math.max(whole.from, piece * PIECE_STEPS);
    const to = Math.min(end, (piece + 1) * PIECE_STEPS);
    if (!fresh.some((each) => overlap(each, { from, to }))) continue;
    const inside = stretches.filter((each) => overlap(each, { from, to }));
    const annotations = joinAnnotations(inside);
    if (mayBeKept(annotations, away)) yield { from, to, annotations };
  }
}

function statsOf(answers: readonly QueryAnswer[], { counts }: Stretch, showsSteps: boolean): QueryStats {
  const timings = { prepare: 0, select: 0, evaluate: 0, total: 0 };
  let peakSamples = 0;
  for (const { stats } of answers) {
    timings.prepare += stats.timings.prepare;
    timings.select += stats.timings.select;
    timings.evaluate += stats.timings.evaluate;
    timings.total += stats.timings.total;
    peakSamples = Math.max(peakSamples, stats.peakSamples);
  }
  return {
    totalQueryableSamples: counts.reduce((sum, count) => sum + count, 0),
    peakSamples,
    perStep: showsSteps ? counts : undefined,
    timings,
  };
}
