import { isIncomplete } from '../../backend/answered.ts';
import { coverOf } from '../../cluster/redundancy.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { BackendFailure, Loss, StandIn } from '../../model/loss.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import type { SiblingGap } from './proven-gap.ts';
import { standInsOf, type Noted, type SiblingGaps } from './sibling-gaps.ts';

/** Of answers without samples, where the time does not matter. */
const NO_GAPS: SiblingGaps = new Map();

/**
 * What failed endpoints mean for an answer, and those that say that theirs lack something: nothing where the others of the replica group
 * hold the same series and were there all the time, missing series or samples otherwise. Each such endpoint is in one of the losses.
 * @param unknown endpoints that never told their labels.
 * @param gaps of those that stand in, where samples were asked for.
 * @param range that the samples were asked for.
 */
export function judgeLosses(
  shards: readonly ShardOutcome<Noted>[],
  unknown: readonly Endpoint[],
  gaps: SiblingGaps = NO_GAPS,
  range?: TimeRange,
): readonly Loss[] {
  const losses = [...shards.flatMap((shard) => shardLosses(shard, gaps)), ...unknown.map(unknownLoss)];
  const reports = shards.flatMap((shard) => reportsOf(shard, gaps));
  if (range === undefined) return [...losses, ...reports];
  const { minTime, maxTime } = range;
  return [...losses.map((loss) => ({ ...loss, range: { minTime, maxTime } })), ...reports];
}

/** The same where each endpoint counts for itself, so that none stands in for one that failed. */
export function judgeUncounted(
  shards: readonly ShardOutcome<Noted>[],
  unknown: readonly Endpoint[],
): readonly Loss[] {
  const reports = shards.flatMap((shard) => reportsOf(shard, 'none'));
  const uncounted = shards.flatMap(({ name, outcomes }) =>
    outcomes.flatMap(({ route, result }): readonly Loss[] =>
      result.ok
        ? []
        : [{ kind: 'uncounted', shard: name, failure: failureOf(route.endpoint, result.failure) }],
    ),
  );
  return [...uncounted, ...unknown.map(unknownLoss), ...reports];
}

/** What endpoints say that their answers lack. @param gaps `none` where none stands in for another. */
function reportsOf(
  { name: shard, outcomes }: ShardOutcome<Noted>,
  gaps: SiblingGaps | 'none',
): readonly Loss[] {
  return outcomes.flatMap((outcome): readonly Loss[] => {
    const { route, result } = outcome;
    if (!result.ok || !isIncomplete(result.value)) return [];
    const { endpoint } = route;
    const replaced =
      gaps !== 'none' && isReplaced(endpoint, standInsOf(outcome, outcomes), gaps.get(endpoint));
    return result.value.annotations.flatMap((note): readonly Loss[] =>
      note.kind === 'incomplete'
        ? [{ kind: 'reported', shard, endpoint: endpoint.id, message: note.message, replaced }]
        : [],
    );
  });
}

function isReplaced(endpoint: Endpoint, others: readonly Endpoint[], gap: SiblingGap | undefined): boolean {
  const { kind } = standInOf(endpoint, others, gap);
  return kind === 'whole' || kind === 'begins';
}

function shardLosses({ name: shard, outcomes }: ShardOutcome<unknown>, gaps: SiblingGaps): readonly Loss[] {
  const lost = outcomes.flatMap(({ route, result }) =>
    result.ok ? [] : [{ endpoint: route.endpoint, failure: failureOf(route.endpoint, result.failure) }],
  );
  if (lost.length === 0) return [];
  const answered = outcomes.filter(({ result }) => result.ok).map(({ route }) => route.endpoint);
  if (answered.length === 0) return [{ kind: 'shard', shard, failures: lost.map(({ failure }) => failure) }];
  const others = answered.map(({ id }) => id);
  return lost.map(({ endpoint, failure }) => {
    const standIn = standInOf(endpoint, answered, gaps.get(endpoint));
    return { kind: 'replica', shard, failure, others, standIn };
  });
}

function standInOf(lost: Endpoint, answered: readonly Endpoint[], gap: SiblingGap | undefined): StandIn {
  const cover = coverOf(lost, answered);
  switch (cover.kind) {
    case 'full':
      return gap === undefined ? { kind: 'whole' } : wholeBut(gap);
    case 'part':
      return gap === undefined ? { kind: 'part', fraction: cover.fraction } : wholeBut(gap);
    case 'none':
      return gap === undefined ? { kind: 'other' } : wholeBut(gap);
    case 'unproven':
      // The scrapes of the queried time prove what those of now do not.
      if (gap !== undefined) return wholeBut(gap);
      return { kind: 'unproven', because: cover.because };
  }
}

/** The targets are all there; whether their samples are is for the gap to tell. */
function wholeBut(gap: SiblingGap): StandIn {
  if (!gap.ok) return { kind: 'silent', reason: gap.failure.reason };
  if (gap.value === undefined) return { kind: 'whole' };
  const { isOutage, targets, ...time } = gap.value;
  if (targets !== undefined) return { kind: 'lacks', ...time, targets };
  // Where data begin, those of the lost one may have begun as well.
  return isOutage ? { kind: 'away', ...time } : { kind: 'begins', at: time.to };
}

function unknownLoss({ id, health }: Endpoint): Loss {
  const reason = health.kind === 'down' ? health.failure.reason : undefined;
  return { kind: 'endpoint', endpoint: id, reason };
}

/** Names the endpoint by its id, since several may have one address. Losses hold what is declared of a failure, and no more. */
function failureOf({ id }: Endpoint, { kind, reason }: BackendFailure): BackendFailure {
  return { kind, endpoint: id, reason };
}
