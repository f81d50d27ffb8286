import type { NotedItems, NotedList } from '../model/annotations.ts';
import { openBudget, type Budget } from '../model/budget.ts';
import type { Labels } from '../model/labels.ts';
import { RequestJournal } from '../model/request-journal.ts';
import type { Admission, RequestScope } from '../model/request-scope.ts';
import { ConcurrencyGate, type GateLoad, type GateOptions } from './concurrency-gate.ts';
import { explainQuery, type ExplainQuery, type Explanation } from './explain.ts';
import { formatQuery, parseQueryTree } from './format-query.ts';
import { findLabelNames, findLabelValues } from './labels.ts';
import { ListCache } from './list-cache.ts';
import type { LookupQuery } from './lookup.ts';
import type { QueryPlan } from '../plan/plan-query.ts';
import { offeredLanguage, type OfferedLanguage } from '../promql/offered.ts';
import type { Json } from '../promql/parse-tree.ts';
import { createGatewayLists, type GatewayLists } from './lists.ts';
import type { GatewayContext, GatewayLimits, GatewayParts, GatewaySettings } from './parts.ts';
import { instantQuery, rangeQuery, type InstantQuery, type QueryOutcome, type RangeQuery } from './query.ts';
import { planRequest, type PlannedRequest } from './plan-request.ts';
import { ActiveQueries } from './observing/active-queries.ts';
import type { RunningQuery } from './observing/running-query.ts';
import type { NamedCost, TopOrder } from './observing/cost-table.ts';
import { TopQueries, type CallerKind, type TopQuery } from './observing/top-queries.ts';
import { createGatewayRaw, type GatewayRaw } from './raw/gateway-raw.ts';
import { EqualQueries } from './equal-queries.ts';
import { ResultsCache } from './results-cache/results-cache.ts';
import { openScope, type Origin, type ReadWishes } from './request-scope.ts';
import { LimitBook, NO_LIMITS } from './limits/limit-book.ts';
import { limitedBudget } from './limits/limited-budget.ts';
import { limitedSelection } from './limits/limited-selection.ts';
import { findNames, type FoundNames, type NameSearch } from './search/find-names.ts';
import { findSeries } from './series.ts';
import { admit, type Access } from './tenancy/admit.ts';
import type { Credentials } from './tenancy/tenancy.ts';
import { createGatewayStore, type GatewayStore } from './store-api.ts';

/**
 * What promweave does, whatever asks for it. Every method rejects with QueryErrors: `bad_data` for mistakes of the
 * caller, `timeout` and `canceled` by deadline and signal, `unavailable` where missing data may not be left out.
 */
export interface Gateway {
  /** Finds out for whom a call is, before anything of it is read; see {@link admit}. */
  admit(credentials: Credentials, access: Access): Admission;
  /** Whether there are tenants, so that nothing is told of servers to callers that nobody knows. */
  hasTenants(): boolean;
  /** Begins a request; see {@link openScope}. */
  open(wishes: ReadWishes, origin: Origin, stepMs?: number): RequestScope;
  /** The memory of what a client sends before its request can be opened. */
  openBody(): Budget;
  query(scope: RequestScope, request: InstantQuery): Promise<QueryOutcome>;
  queryRange(scope: RequestScope, request: RangeQuery): Promise<QueryOutcome>;
  /** How a query would be evaluated. Nothing is asked of any endpoint. */
  plan(scope: RequestScope, request: PlannedRequest): QueryPlan;
  /** What a query asks of which endpoint, what came back and how replicas became one series. */
  explain(scope: RequestScope, request: ExplainQuery): Promise<Explanation>;
  series(scope: RequestScope, query: LookupQuery): Promise<NotedItems<Labels>>;
  labelNames(scope: RequestScope, query: LookupQuery): Promise<NotedList<string>>;
  labelValues(scope: RequestScope, label: string, query: LookupQuery): Promise<NotedItems<string>>;
  /** The names or values of labels that are like what somebody types. */
  searchNames(scope: RequestScope, search: NameSearch): Promise<FoundNames>;
  /** Rules, targets, metadata, exemplars and endpoints. */
  readonly lists: GatewayLists;
  /** Raw series for a querier above. */
  readonly store: GatewayStore;
  /** Samples for those that compute themselves. */
  readonly raw: GatewayRaw;
  /** Queries that run, and those that cost most. */
  readonly watch: QueryWatch;
  /** Throws where the text is no PromQL. */
  formatQuery(text: string): string;
  parseQuery(text: string): Json;
  /** What of PromQL queries may use. */
  language(): OfferedLanguage;
  /** Requests that run and that wait, for metrics. */
  load(): {
    readonly queries: GateLoad;
    readonly lookups: GateLoad;
    /** Of lists that are kept, about. */
    readonly keptBytes: number;
    /** Of results that are kept, about. */
    readonly resultBytes: number;
  };
}

/** For people who look on. */
export interface QueryWatch {
  active: () => readonly RunningQuery[];
  /** See {@link ActiveQueries.cancel}. */
  cancel: (id: string) => RunningQuery;
  top: (order: TopOrder, most: number) => readonly TopQuery[];
  topCallers: (kind: CallerKind, order: TopOrder, most: number) => readonly NamedCost[];
}

/** A gateway whose settings may change. */
export interface ChangeableGateway extends Gateway {
  /** Has the requests that begin from now on keep to these. Those that run keep the former ones. */
  use(settings: GatewaySettings): void;
}

const NOTHING_KEPT = { lifetime: 0, bytes: 0, minFresh: 0 };

/** A dashboard asks for several lists before it asks queries, and they are much cheaper. */
const LOOKUPS_A_QUERY = 2;

export function createGateway(parts: GatewayParts): ChangeableGateway {
  const { ceiling } = parts;
  const queries = new ConcurrencyGate({ ...placesOf(parts.limits, 1), ceiling });
  // What they take is little: memory that queries hold is no reason to wait. Large ones are refused by the budget.
  const lookups = new ConcurrencyGate({
    ...placesOf(parts.limits, LOOKUPS_A_QUERY),
    timesQueries: LOOKUPS_A_QUERY,
  });
  const book = new LimitBook(parts.clock, parts.onRefused);
  book.use(parts.callers ?? NO_LIMITS);
  const active = new ActiveQueries(parts.onSent);
  const top = new TopQueries();
  // Read once a call, so that a request keeps what it began with.
  const listsFor = (settings: GatewaySettings): ListCache =>
    new ListCache(
      settings.listCache ?? NOTHING_KEPT,
      () => parts.selection.topology().generation,
      parts.clock,
      parts.onList,
    );
  // What was kept under other settings does not count any more.
  const cachesFor = (settings: GatewaySettings): Pick<GatewayContext, 'kept' | 'results' | 'equal'> => ({
    kept: listsFor(settings),
    results: new ResultsCache(settings.resultsCache ?? NOTHING_KEPT, parts.clock),
    equal: new EqualQueries(parts.clock),
  });
  const selection = limitedSelection(parts.selection, parts.clock);
  let context: GatewayContext = { ...parts, selection, queries, lookups, active, top, ...cachesFor(parts) };
  let lists = createGatewayLists(context);
  let store = createGatewayStore(context);
  let raw = createGatewayRaw(context);
  return {
    use: (settings) => {
      context = { ...context, ...settings, ...cachesFor(settings) };
      lists = createGatewayLists(context);
      store = createGatewayStore(context);
      raw = createGatewayRaw(context);
      book.use(settings.callers ?? NO_LIMITS);
      queries.resize(placesOf(settings.limits, 1));
      lookups.resize(placesOf(settings.limits, LOOKUPS_A_QUERY));
    },
    admit: (credentials, access) => {
      const admission = admit(context.tenancy, book, credentials, access);
      if (admission.tenant !== '' && access === 'tenant') parts.onAdmitted?.(admission.tenant);
      return admission;
    },
    hasTenants: () => context.tenancy !== undefined,
    open: (wishes, origin, stepMs) => open(context, wishes, origin, stepMs),
    openBody: () => openBudget(ceiling, { bytes: 0, series: 0 }),
    query: (scope, request) => instantQuery(context, scope, request),
    queryRange: (scope, request) => rangeQuery(context, scope, request),
    plan: (scope, request) => planRequest(context, scope, request).plan,
    explain: (scope, request) => explainQuery(context, scope, request),
    series: (scope, query) => findSeries(context, scope, query),
    labelNames: (scope, query) => findLabelNames(context, scope, query),
    labelValues: (scope, label, query) => findLabelValues(context, scope, label, query),
    searchNames: (scope, search) => findNames(context, scope, search),
    get lists() {
      return lists;
    },
    get store() {
      return store;
    },
    get raw() {
      return raw;
    },
    watch: {
      active: () => active.list(),
      cancel: (id) => active.cancel(id),
      top: (order, most) => top.list(order, most),
      topCallers: (kind, order, most) => top.callers(kind, order, most),
    },
    formatQuery: (text) => formatQuery(text, context.features),
    parseQuery: (text) => parseQueryTree(text, context.features),
    language: () => offeredLanguage(context.features),
    load: () => ({
      queries: queries.load(),
      lookups: lookups.load(),
      keptBytes: context.kept.bytes,
      resultBytes: context.results.bytes,
    }),
  };
}

function placesOf({ maxConcurrent, maxQueued }: GatewayLimits, timesQueries: number): GateOptions {
  return { places: maxConcurrent * timesQueries, mostWaiting: maxQueued };
}

/** Whoever collects spans hears of a request when its answer was sent. */
function open(
  { ceiling, clock, defaults, limits, onTraced }: GatewayContext,
  wishes: ReadWishes,
  origin: Origin,
  stepMs: number | undefined,
): RequestScope {
  const { trace } = origin.ids;
  const kept = onTraced !== undefined && trace?.isSampled === true ? trace : undefined;
  const journal = new RequestJournal(clock, kept, origin.waitedMs);
  const budget = limitedBudget(ceiling, limits.budget, origin.admission?.limits);
  const grant = { defaults, budget, journal };
  const scope = openScope(grant, wishes, origin, stepMs);
  if (kept !== undefined)
    scope.budget.whenReleased(() => {
      journal.end();
      onTraced?.(scope);
    });
  return scope;
}
