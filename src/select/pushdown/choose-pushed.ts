import type { EvaluateCall } from '../../backend/evaluate-call.ts';
import { EMPTY_LABELS, pairsOf, withoutLabels, type Labels } from '../../model/labels.ts';
import { isRestricted } from '../../model/enforced-matchers.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { labelNames } from '../../plan/distribute/label-names.ts';
import type { SelectionContext } from '../context.ts';
import { contains, isWell, type Speakers, type Spoken } from '../read-once/choose-speakers.ts';
import type { Route, RoutePlan } from '../routing/route.ts';
import { isExact } from '../series/margin.ts';
import { type AroundOutage, aroundOutage } from './around-outage.ts';
import { areDisjoint } from './disjoint.ts';
import type { PushOutcome } from './pushdown.ts';
import type { PushQuestion } from './push-question.ts';
import { splitShard, type SplitShard } from './split-shard.ts';

/** One endpoint that may compute a part of an aggregation for its shard. */
export interface PushTarget {
  readonly route: Route;
  readonly evaluate: EvaluateCall;
  /** What it is asked for. */
  readonly matchers: readonly Matcher[];
  /** The series of the shard that are read of all replicas beside it; undefined where there are none. */
  readonly read: Matcher | undefined;
  /** What has to be looked at behind its answer; undefined where it is the only one of its shard. */
  readonly spoken: Spoken | undefined;
  /** The steps that it computes, and what is read for the others; undefined where it computes all. */
  readonly around: AroundOutage | undefined;
  /** The external labels that its series have in answers, and not where it evaluates. */
  readonly constants: Labels;
  /** Names that no series may have where it evaluates: those of the external labels that it does not know there, and of labels that are merged. */
  readonly foreign: ReadonlySet<string>;
}

/** A shard of which nothing is read. */
const WHOLE: { readonly [part in keyof SplitShard]: undefined } = { read: undefined, computed: undefined };

/** By the routes of their shard: which endpoint computes, or why none does. */
export type PushTargets = ReadonlyMap<readonly Route[], PushTarget | PushOutcome>;

/**
 * Finds for each shard the endpoint whose own results are those of the raw samples of the shard: the replica that is read alone, or the
 * only one. `README.md` says what is proven.
 */
export function choosePushed(
  context: Pick<SelectionContext, 'vitals' | 'sharers'>,
  scope: Pick<RequestScope, 'caller' | 'options'>,
  plan: RoutePlan,
  { spoken }: Pick<Speakers, 'spoken'>,
  question: PushQuestion,
): PushTargets {
  const { partials } = question;
  const { mergedHere } = scope.options.replicas;
  const none = whyNone(scope, plan);
  const used = partials.queries.flatMap((query) => [...labelNames(query)]);
  const targetFor = (routes: readonly Route[]): PushTarget | PushOutcome => {
    const target = targetOf(context, mergedHere, routes, spoken, question);
    // Under such a name the server has something else than its series have here.
    const isForeign =
      typeof target !== 'string' &&
      used.some((name) => target.foreign.has(name) || name === target.read?.name);
    return isForeign ? 'labels' : target;
  };
  return new Map(plan.shards.map(({ routes }) => [routes, none ?? targetFor(routes)]));
}

/** Why no shard computes anything; undefined where some may. */
function whyNone(
  { caller, options }: Pick<RequestScope, 'caller' | 'options'>,
  { shards, unknown }: RoutePlan,
): PushOutcome | undefined {
  const { mergedHere, mergedAbove } = options.replicas;
  if (isRestricted(caller)) return 'tenant';
  if (!isExact({ options }) || mergedAbove.size > 0) return 'other_options';
  const endpoints = shards.map(({ routes }) => routes.map(({ endpoint }) => endpoint));
  return unknown.length > 0 || !areDisjoint(endpoints, mergedHere) ? 'labels' : undefined;
}

function targetOf(
  { vitals, sharers }: Pick<SelectionContext, 'vitals' | 'sharers'>,
  merged: ReadonlySet<string>,
  routes: readonly Route[],
  speakers: Speakers['spoken'],
  question: PushQuestion,
): PushTarget | PushOutcome {
  const spoken = speakers.get(routes);
  if (routes.length > 1 && spoken === undefined) return 'unproven';
  const route = spoken?.speaker ?? routes[0]!;
  const { endpoint, within } = route;
  const { evaluate, evaluatesWithExternalLabels = false } = endpoint.backend;
  if (evaluate === undefined) return 'server';
  // What a server has may be another thing for each caller, as where headers of callers are passed on.
  if (endpoint.replication === 'disjoint') return 'disjoint';
  if (!isWell(endpoint, vitals) || !contains(within, question.range)) return 'unhealthy';
  if (
    endpoint.ownLabels === 'unknown' ||
    endpoint.ownLabels.size > 0 ||
    sharers.has(merged, endpoint.backend)
  )
    return 'labels';
  const unseen = (evaluatesWithExternalLabels ? undefined : endpoint.externalLabels) ?? EMPTY_LABELS;
  const foreign = new Set([...[...pairsOf(unseen)].map(([name]) => name), ...merged]);
  const around = spoken && aroundOutage(spoken, question);
  const others = around === undefined ? (spoken?.others ?? []) : [];
  // There are no series of which one replica has all.
  if (others === 'all') return 'unproven';
  const split = others.length === 0 ? WHOLE : splitShard(others);
  if (split === undefined || (split.read !== undefined && foreign.has(split.read.name))) return 'unproven';
  const [matchers = []] = route.matcherSets;
  return {
    route,
    matchers: split.computed === undefined ? matchers : [...matchers, split.computed],
    read: split.read,
    evaluate,
    spoken,
    around,
    constants: withoutLabels(unseen, merged),
    foreign,
  };
}
