import type { BackendFailure } from '../backend/backend.ts';
import { coverOf } from '../cluster/redundancy.ts';
import type { Endpoint } from '../cluster/topology.ts';
import type { AnnotationSink } from '../model/annotations.ts';
import { QueryError } from '../model/errors.ts';
import type { ShardOutcome } from './fan-out.ts';
import type { SiblingGap, SiblingGaps } from './sibling-gaps.ts';

/** One endpoint that did not answer, and what that means for the answer. */
interface Loss {
  /** Whether something may be missing; otherwise siblings have it all. */
  readonly missing: boolean;
  readonly message: string;
}

/** Of answers without samples, where the time does not matter. */
const NO_GAPS: SiblingGaps = new Map();

/**
 * Says what failed endpoints mean for the answer: nothing where a sibling holds the same series and was there all the
 * time (an info), missing series or samples otherwise (a warning, or without partial response an error of kind
 * `unavailable`). Every endpoint is named.
 */
export function reportLosses(
  shards: readonly ShardOutcome<unknown>[],
  unknown: readonly Endpoint[],
  partialResponse: boolean,
  sink: AnnotationSink,
  gaps: SiblingGaps = NO_GAPS,
): void {
  const losses = shards.flatMap((shard) => shardLosses(shard, gaps));
  report([...losses, ...unknown.map(unknownLoss)], partialResponse, sink);
}

/** The same where each endpoint counts for itself, so that no sibling stands in for one that failed. */
export function reportUncounted(
  shards: readonly ShardOutcome<unknown>[],
  unknown: readonly Endpoint[],
  partialResponse: boolean,
  sink: AnnotationSink,
): void {
  const uncounted = shards.flatMap(({ name, outcomes }) =>
    outcomes.flatMap(({ result }): readonly Loss[] => {
      if (result.ok) return [];
      const message = `in shard ${name} ${failureText(result.failure)}; what it holds is not counted`;
      return [{ missing: true, message }];
    }),
  );
  report([...uncounted, ...unknown.map(unknownLoss)], partialResponse, sink);
}

function report(losses: readonly Loss[], partialResponse: boolean, sink: AnnotationSink): void {
  const missing = losses.filter((loss) => loss.missing);
  if (missing.length > 0 && !partialResponse)
    throw new QueryError('unavailable', missing.map(({ message }) => message).join('; '));
  for (const loss of losses) {
    if (loss.missing) sink.warn(loss.message);
    else sink.info(loss.message);
  }
}

function shardLosses({ name, outcomes }: ShardOutcome<unknown>, gaps: SiblingGaps): readonly Loss[] {
  const lost = outcomes.flatMap(({ route, result }) =>
    result.ok ? [] : [{ endpoint: route.endpoint, failure: result.failure }],
  );
  if (lost.length === 0) return [];
  const answered = outcomes.filter(({ result }) => result.ok).map(({ route }) => route.endpoint);
  if (answered.length === 0) {
    const reasons = lost.map(({ failure }) => failureText(failure)).join('; ');
    return [{ missing: true, message: `shard ${name} is missing: ${reasons}` }];
  }
  return lost.map(({ endpoint, failure }) =>
    endpointLoss(name, endpoint, failure, answered, gaps.get(endpoint)),
  );
}

function endpointLoss(
  shard: string,
  lost: Endpoint,
  failure: BackendFailure,
  answered: readonly Endpoint[],
  gap: SiblingGap | undefined,
): Loss {
  const what = `in shard ${shard} ${failureText(failure)}`;
  const others = answered.map(({ address }) => address).join(', ');
  const cover = coverOf(lost, answered);
  switch (cover.kind) {
    case 'full':
      return fullyCovered(what, others, gap);
    case 'part':
      return {
        missing: true,
        message: `${what}; its replica ${others} has only ${Math.round(cover.fraction * 100)} % of its targets`,
      };
    case 'none':
      return { missing: true, message: `${what}; its series are missing, ${others} holds other ones` };
    case 'unproven':
      return {
        missing: true,
        message: `${what}; series may be missing, since it is not proven that ${others} holds the same ones`,
      };
  }
}

/** Its targets are all there; whether its samples are is for the gap to tell. */
function fullyCovered(what: string, others: string, gap: SiblingGap | undefined): Loss {
  if (gap?.ok === false) {
    const reason = `its replica ${others} did not tell whether it has gaps: ${gap.failure.reason}`;
    return { missing: true, message: `${what}; ${reason}` };
  }
  if (gap?.value === undefined)
    return { missing: false, message: `${what}; nothing is missing, its replica ${others} answered` };
  const { from, to, isOutage } = gap.value;
  // Where data begin, those of the lost one may have begun as well.
  if (!isOutage) {
    const message = `${what}; its replica ${others} answered, which has nothing before ${isoTime(to)} itself`;
    return { missing: false, message };
  }
  const when = `from ${isoTime(from)} to ${isoTime(to)}`;
  return { missing: true, message: `${what}; its replica ${others} was away itself ${when}` };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function unknownLoss({ address, health }: Endpoint): Loss {
  const reason = health.kind === 'down' ? `: ${health.failure.reason}` : '';
  return { missing: true, message: `endpoint ${address} never answered, so its shard is unknown${reason}` };
}

function failureText({ endpoint, reason }: BackendFailure): string {
  return `endpoint ${endpoint} did not answer: ${reason}`;
}
