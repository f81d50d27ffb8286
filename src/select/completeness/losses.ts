import type { BackendFailure } from '../../backend/backend.ts';
import { coverOf } from '../../cluster/redundancy.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { AnnotationSink } from '../../model/annotations.ts';
import { QueryError } from '../../model/errors.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import { replacedMessage } from './hole-watch.ts';
import type { HoleWatch, Replacement } from './hole-watch.ts';
import type { SiblingGap, SiblingGaps } from './sibling-gaps.ts';
import { formatGap, formatTime } from './witness-gap.ts';

/** One endpoint that did not answer, and what that means for the answer. */
interface Loss {
  /** Whether something may be missing; otherwise siblings have it all. */
  readonly missing: boolean;
  readonly message: string;
  /** Set where siblings have it all, unless their samples show holes. */
  readonly replacement?: Replacement;
}

/** Of answers without samples, where the time does not matter. */
const NO_GAPS: SiblingGaps = new Map();

/**
 * Says what failed endpoints mean for the answer: nothing where a sibling holds the same series and was there all the
 * time (an info), missing series or samples otherwise (a warning, or without partial response an error of kind
 * `unavailable`). Every endpoint is named.
 * @param watch takes over what is to be said of endpoints that siblings replace, where samples are still to be read.
 */
export function reportLosses(
  shards: readonly ShardOutcome<unknown>[],
  unknown: readonly Endpoint[],
  partialResponse: boolean,
  sink: AnnotationSink,
  gaps: SiblingGaps = NO_GAPS,
  watch?: HoleWatch,
): void {
  const losses = shards.flatMap((shard) => shardLosses(shard, gaps));
  report([...losses, ...unknown.map(unknownLoss)], partialResponse, sink, watch);
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

function report(
  losses: readonly Loss[],
  partialResponse: boolean,
  sink: AnnotationSink,
  watch?: HoleWatch,
): void {
  const missing = losses.filter((loss) => loss.missing);
  if (missing.length > 0 && !partialResponse)
    throw new QueryError('unavailable', missing.map(({ message }) => message).join('; '));
  for (const loss of losses) {
    if (loss.missing) sink.warn(loss.message);
    else if (loss.replacement !== undefined && watch !== undefined) watch.add(loss.replacement);
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
      return fullyCovered({ shard, what, others }, gap);
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
function fullyCovered(replacement: Replacement, gap: SiblingGap | undefined): Loss {
  const { what, others } = replacement;
  if (gap?.ok === false) {
    const reason = `its replica ${others} did not tell whether it has gaps: ${gap.failure.reason}`;
    return { missing: true, message: `${what}; ${reason}` };
  }
  if (gap?.value === undefined) return { missing: false, message: replacedMessage(replacement), replacement };
  const { to, isOutage } = gap.value;
  if (isOutage)
    return {
      missing: true,
      message: `${what}; its replica ${others} was away itself ${formatGap(gap.value)}`,
    };
  // Where data begin, those of the lost one may have begun as well.
  const message = `${what}; its replica ${others} answered, which has nothing before ${formatTime(to)} itself`;
  return { missing: false, message };
}

function unknownLoss({ address, health }: Endpoint): Loss {
  const reason = health.kind === 'down' ? `: ${health.failure.reason}` : '';
  return { missing: true, message: `endpoint ${address} never answered, so its shard is unknown${reason}` };
}

function failureText({ endpoint, reason }: BackendFailure): string {
  return `endpoint ${endpoint} did not answer: ${reason}`;
}
