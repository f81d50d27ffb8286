import { QueryError, toQueryError } from '../model/errors.ts';
import type { Clock } from '../model/clock.ts';
import { planQuery, type QueryPlan } from '../plan/plan-query.ts';
import type { PlannedSelect } from '../plan/selects.ts';
import type { Expr } from '../promql/ast.ts';
import { analysisOf } from './analysis.ts';
import type { QueryAnswer } from './answer.ts';
import { EngineFeature } from './features.ts';
import type { EvalScope, QueryContext } from './context.ts';
import { Pacer, abortError } from '../model/pacer.ts';
import type { TurnTaker } from '../model/turn-taker.ts';
import { checkRangeType, evaluateRoot } from './evaluate-root.ts';
import { PartMeter } from './part-meter.ts';
import { QueryNotes } from './query-notes.ts';
import { clipSet } from './clip-set.ts';
import { SampleBudget, type Memory, type SampleLimit } from './sample-budget.ts';
import { SampleCounts } from './sample-counts.ts';
import type { PartialsRequest, SelectedSet, SeriesSource } from './series-source.ts';
import { gridBetween, timeOfStep, type StepGrid } from './step-grid.ts';

/** What to evaluate; times in ms since the epoch. */
export interface EngineQuery {
  readonly text: string;
  /** The parsed text. */
  readonly expr: Expr;
  readonly start: number;
  /** Inclusive; equals `start` for instant queries. */
  readonly end: number;
  /** ms; 0 makes an instant query. */
  readonly step: number;
  /** ms; overrides the server's. */
  readonly lookbackDelta?: number | undefined;
  /** What the samples that the query holds are taken from; they count against `maxSamples` alone where it is left out. */
  readonly memory?: Memory | undefined;
  /** Counts samples step by step in the statistics, whatever the server does. */
  readonly countsSteps?: boolean | undefined;
  /** Fewer samples than the server allows, where its caller may hold no more; undefined where it may. */
  readonly sampleLimit?: SampleLimit | undefined;
  /** For whom it is evaluated, so that queries of others have their turns; undefined where it does not matter. */
  readonly caller?: TurnTaker | undefined;
  /** Measures what each part costs. Whatever comes of it, the answer is the same. */
  readonly isAnalyzed?: boolean | undefined;
  /** Is called when all samples are there. What it is given tells how many were looked at so far, summed over the steps. */
  readonly onEvaluate?: ((samples: () => number) => void) | undefined;
}

export interface EngineOptions {
  /** ms; Prometheus' default is 300000. */
  readonly lookbackDelta: number;
  /** Most samples that a query may hold; Prometheus' default is 50 million. */
  readonly maxSamples: number;
  /** Names of Prometheus' `--enable-feature`. */
  readonly features: ReadonlySet<string>;
  readonly clock: Clock;
  /** ms; step of subqueries that name none: the global evaluation interval, 60000 by default. */
  readonly noStepSubqueryInterval: number;
  /** Most different selectors of one query; undefined means no limit. */
  readonly mostSelects?: number | undefined;
  /** Counts samples step by step in the statistics. */
  readonly perStepStats: boolean;
}

/** Texts beyond this take long to parse, and the caller has only just done so. */
const LONG_TEXT = 10_000;

/** Why fetches end that nobody waits for any more. Made once: it holds a stack, which takes long. */
const ENDED = new QueryError('canceled', 'the evaluation has ended');

/**
 * Evaluates a query as Prometheus 3.14 does, on the samples of `source`.
 * @throws QueryError: `bad_data` for expressions that cannot be evaluated like this, `execution` for conflicts in the
 *   data and for queries over the sample limit, `too_large` for those with too many selectors, `timeout` and `canceled` when `signal` is aborted, and what the source
 *   rejects with.
 */
export async function evaluate(
  query: EngineQuery,
  from: SeriesSource,
  options: EngineOptions,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const settling = { ms: 0 };
  const source = notingSettling(from, settling);
  const started = options.clock.monotonic();
  const settings = {
    lookbackDelta: query.lookbackDelta ? query.lookbackDelta : options.lookbackDelta,
    noStepSubqueryInterval: options.noStepSubqueryInterval,
    distinguishFunctions: source.readsByFunction,
    mostSelects: options.mostSelects,
    distribute: distributes(source, options.features),
  };
  if (query.step > 0) checkRangeType(query.expr);
  if (signal.aborted) throw abortError(signal, 'query execution');
  const pacer = new Pacer({ signal, caller: query.caller });
  if (query.text.length > LONG_TEXT) await pacer.breathe();
  const plan = planQuery(query.expr, query, settings);
  const planned = options.clock.monotonic();

  if (pacer.due()) await pacer.breathe();

  const ending = new AbortController();
  const onAbort = (): void => ending.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    const grid = gridBetween(query.start, query.end, query.step || 1);
    const selects = await startSelects(plan, grid, settings.lookbackDelta, source, ending.signal, pacer);
    if (signal.aborted) throw abortError(signal, 'query execution');
    const context = contextOf(query, plan, settings, selects, source, options, signal, pacer);
    const fetchedMs = context.meter === undefined ? [] : timesOf(selects, planned, options.clock);
    const sets = await Promise.all(selects);
    if (pacer.due()) await pacer.breathe();
    const selected = options.clock.monotonic();
    const scope: EvalScope = { query: context, grid, counts: new SampleCounts(grid.count) };
    query.onEvaluate?.(() => scope.counts.total());
    const value = await evaluateRoot(plan.root, scope, query.step === 0);
    // Chunks that cannot be decoded and holes are known only now that the series were read.
    for (const { annotations } of sets) context.notes.addAll(annotations);
    const ended = options.clock.monotonic();
    const samples = scope.counts.total();
    const { meter, budget } = context;
    const { peak: peakSamples } = budget;
    return {
      value,
      annotations: context.notes.list(),
      settleMs: settling.ms,
      stats: {
        totalQueryableSamples: samples,
        peakSamples,
        perStep: options.perStepStats || query.countsSteps === true ? scope.counts.perStep : undefined,
        timings: {
          prepare: planned - started,
          select: selected - planned,
          evaluate: ended - selected,
          total: ended - started,
        },
      },
      ...(meter && {
        analysis: analysisOf(plan, meter, { fetchedMs, ms: ended - selected, samples, peakSamples }),
      }),
    };
  } catch (thrown) {
    throw signal.aborted ? abortError(signal, 'query execution') : toQueryError(thrown);
  } finally {
    signal.removeEventListener('abort', onAbort);
    ending.abort(ENDED);
  }
}

/** The same source. The longest time that something selected takes to settle is written down. */
function notingSettling(source: SeriesSource, longest: { ms: number }): SeriesSource {
  return {
    readsByFunction: source.readsByFunction,
    distributes: source.distributes,
    select: async (request, signal) => {
      const set = await source.select(request, signal);
      longest.ms = Math.max(longest.ms, set.settleMs ?? 0);
      return set;
    },
  };
}

/** Starts all fetches, waiting for none. One that is no longer waited for may fail unheard. */
async function startSelects(
  plan: QueryPlan,
  grid: StepGrid,
  lookbackDelta: number,
  source: SeriesSource,
  signal: AbortSignal,
  pacer: Pacer,
): Promise<readonly Promise<SelectedSet>[]> {
  const selects: Promise<SelectedSet>[] = [];
  for (const [number, planned] of plan.selects.entries()) {
    const { matchers, minTime, maxTime, range, func, lookback, exact } = planned;
    const partials = partialsOf(planned, grid, lookbackDelta);
    const request = { matchers, minTime, maxTime, lookback, hints: { range, func }, partials, number };
    const whole = source.select(request, signal);
    const select = exact ? whole.then((set) => clipSet(set, request)) : whole;
    select.catch(() => undefined);
    selects.push(select);
    if (pacer.due()) await pacer.breathe();
  }
  return selects;
}

/** When each of them has its samples, ms after `since`; filled in as they come. */
function timesOf(selects: readonly Promise<SelectedSet>[], since: number, clock: Clock): readonly number[] {
  const times: number[] = [];
  for (const [i, select] of selects.entries())
    select.then(
      () => (times[i] = clock.monotonic() - since),
      () => undefined,
    );
  return times;
}

/** Features with which the engine evaluates in another way than servers that lack them. */
const OWN_WAYS = [
  EngineFeature.delayedNameRemoval,
  EngineFeature.typeAndUnitLabels,
  EngineFeature.useStartTimestamps,
];

/** Whether a source may answer with parts of aggregations, which servers evaluate. */
export function distributes(source: SeriesSource, features: ReadonlySet<string>): boolean {
  return source.distributes === true && !OWN_WAYS.some((feature) => features.has(feature));
}

/** What servers may compute of a select at the steps of a query; undefined where that is nothing. */
export function partialsOf(
  { partials }: PlannedSelect,
  grid: StepGrid,
  lookbackDelta: number,
): PartialsRequest | undefined {
  if (partials.length === 0 || grid.count === 0) return undefined;
  const end = timeOfStep(grid, grid.count - 1);
  return { queries: partials, start: grid.start, end, step: grid.interval, lookbackDelta };
}

function contextOf(
  query: EngineQuery,
  plan: QueryPlan,
  settings: { readonly lookbackDelta: number; readonly noStepSubqueryInterval: number },
  selects: readonly Promise<SelectedSet>[],
  source: SeriesSource,
  options: EngineOptions,
  signal: AbortSignal,
  pacer: Pacer,
): QueryContext {
  const { features, clock } = options;
  const budget = new SampleBudget(options.maxSamples, query.text, query.memory, query.sampleLimit);
  return {
    ...settings,
    delayNameRemoval: features.has(EngineFeature.delayedNameRemoval),
    typeAndUnitLabels: features.has(EngineFeature.typeAndUnitLabels),
    useStartTimestamps: features.has(EngineFeature.useStartTimestamps),
    notes: new QueryNotes(),
    budget,
    meter: query.isAnalyzed === true ? new PartMeter(plan.root, budget, clock) : undefined,
    pacer,
    mayHaveParts: (index) => plan.selects[index]!.partials.length > 0,
    selected: (index) => selects[index]!,
    select: (request) => source.select(request, signal),
  };
}
