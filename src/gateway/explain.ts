import { partialsOf } from '../engine/evaluate.ts';
import type { PartialsRequest } from '../engine/series-source.ts';
import { gridBetween } from '../engine/step-grid.ts';
import { AnnotationSink, remark } from '../model/annotations.ts';
import type { Annotation } from '../model/annotations.ts';
import { QueryError } from '../model/errors.ts';
import { atMost } from '../model/fair-queue.ts';
import { timeText } from '../model/time-text.ts';
import type { ReadOptions, RequestScope } from '../model/request-scope.ts';
import { explain, explainNodes, type ExplainedNode } from '../plan/explain.ts';
import { planChildren, type PlanNode } from '../plan/plan-node.ts';
import type { QueryPlan } from '../plan/plan-query.ts';
import type { PlannedSelect } from '../plan/selects.ts';
import { print } from '../promql/print.ts';
import type { SelectExplanation } from '../select/explaining/explanation.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { observed } from './observing/observed.ts';
import type { GatewayContext } from './parts.ts';
import { planRequest, type PlannedRequest } from './plan-request.ts';
import { explainKept, type KeptExplanation } from './results-cache/explain-kept.ts';

export interface ExplainQuery extends PlannedRequest {
  /** Most series to show of each selector; undefined leaves it to the server. */
  readonly limit: number | undefined;
}

export interface Explanation {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** ms; 0 for instant queries. */
  readonly step: number;
  readonly options: ReadOptions;
  /** The plan as text. */
  readonly plan: string;
  /** The same as nodes, each before its children. */
  readonly nodes: readonly ExplainedNode[];
  readonly selects: readonly ExplainedSelect[];
  /** Undefined for instant queries, and where no results are kept. */
  readonly kept: KeptExplanation | undefined;
  readonly annotations: readonly Annotation[];
}

export interface ExplainedSelect {
  readonly select: PlannedSelect;
  readonly explanation: SelectExplanation;
}

const READS_MORE = 'info() chooses series while it is evaluated; these are not explained';
const DEFAULT_SERIES = 5;
const MOST_SERIES = 1000;
const MOST_WINDOWS = 100;

/**
 * Plans a query, selects and reads what it would, and says how that went; nothing is evaluated. Costs two or three times
 * what the query costs and waits for its turn like one. Throws QueryErrors like a query, but none for missing endpoints.
 */
export async function explainQuery(
  parts: GatewayContext,
  scope: RequestScope,
  request: ExplainQuery,
): Promise<Explanation> {
  const { text, start, end, limit = DEFAULT_SERIES } = request;
  if (limit > MOST_SERIES)
    throw invalidParameter('limit', new QueryError('bad_data', `at most ${MOST_SERIES} series can be shown`));
  const { expr, plan, step, lookbackDelta } = planRequest(parts, scope, request);
  const timeout = Math.min(request.timeout ?? parts.limits.timeout, parts.limits.timeout);
  const inTurn = atMost(parts.limits.maxConcurrentSelects);
  const asked = { family: 'explain', text, start, end, step } as const;
  // Before anything is read, as a query would look.
  const kept = await explainKept(parts, scope, { expr, text, start, end, step, lookbackDelta });
  const { result: selects } = await observed(parts, scope, asked, {
    timeout,
    during: 'explanation',
    canonical: () => print(expr),
    work: (bounded) =>
      Promise.all(
        plan.selects.map((select) => {
          const partials = partialsOf(select, gridBetween(start, end, step || 1), lookbackDelta);
          return inTurn(bounded.signal, () => explainOne(parts, bounded, select, partials, limit));
        }),
      ),
    endOf: () => ({}),
  });
  const sink = new AnnotationSink();
  for (const { explanation } of selects) sink.addAll(explanation.annotations);
  if (readsMore(plan)) sink.add(remark('info', READS_MORE));
  return {
    text,
    start,
    end,
    step,
    options: scope.options,
    plan: explain(plan, timeText),
    nodes: explainNodes(plan),
    selects,
    kept,
    annotations: sink.list(),
  };
}

async function explainOne(
  { selection }: GatewayContext,
  scope: RequestScope,
  select: PlannedSelect,
  partials: PartialsRequest | undefined,
  limit: number,
): Promise<ExplainedSelect> {
  const { matchers, minTime, maxTime, range, func, lookback } = select;
  const request = { matchers, minTime, maxTime, lookback, hints: { range, func }, partials };
  const limits = { series: limit, windows: MOST_WINDOWS };
  return { select, explanation: await selection.explain(scope, request, limits) };
}

/** True where evaluation selects more than the plan says. */
function readsMore({ root }: QueryPlan): boolean {
  const open: PlanNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'info') return true;
    open.push(...planChildren(node));
  }
  return false;
}
