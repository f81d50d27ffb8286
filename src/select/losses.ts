import type { BackendFailure } from '../backend/backend.ts';
import { coverOf } from '../cluster/redundancy.ts';
import type { Endpoint } from '../cluster/topology.ts';
import type { AnnotationSink } from '../model/annotations.ts';
import { QueryError } from '../model/errors.ts';
import type { ShardOutcome } from './fan-out.ts';

/** One endpoint that did not answer, and what that means for the answer. */
interface Loss {
  /** Whether something may be missing; otherwise siblings have it all. */
  readonly missing: boolean;
  readonly message: string;
}

/**
 * Says what failed endpoints mean for the answer: nothing where a sibling holds the same series (an info), missing
 * series otherwise (a warning, or without partial response an error of kind `unavailable`). Every endpoint is named.
 */
export function reportLosses(
  shards: readonly ShardOutcome<unknown>[],
  unknown: readonly Endpoint[],
  partialResponse: boolean,
  sink: AnnotationSink,
): void {
  report([...shards.flatMap(shardLosses), ...unknown.map(unknownLoss)], partialResponse, sink);
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

function shardLosses({ name, outcomes }: ShardOutcome<unknown>): readonly Loss[] {
  const lost = outcomes.flatMap(({ route, result }) =>
    result.ok ? [] : [{ endpoint: route.endpoint, failure: result.failure }],
  );
  if (lost.length === 0) return [];
  const answered = outcomes.filter(({ result }) => result.ok).map(({ route }) => route.endpoint);
  if (answered.length === 0) {
    const reasons = lost.map(({ failure }) => failureText(failure)).join('; ');
    return [{ missing: true, message: `shard ${name} is missing: ${reasons}` }];
  }
  return lost.map(({ endpoint, failure }) => endpointLoss(name, endpoint, failure, answered));
}

function endpointLoss(
  shard: string,
  lost: Endpoint,
  failure: BackendFailure,
  answered: readonly Endpoint[],
): Loss {
  const what = `in shard ${shard} ${failureText(failure)}`;
  const others = answered.map(({ address }) => address).join(', ');
  const cover = coverOf(lost, answered);
  switch (cover.kind) {
    case 'full':
      return { missing: false, message: `${what}; nothing is missing, its replica ${others} answered` };
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

function unknownLoss({ address, health }: Endpoint): Loss {
  const reason = health.kind === 'down' ? `: ${health.failure.reason}` : '';
  return { missing: true, message: `endpoint ${address} never answered, so its shard is unknown${reason}` };
}

function failureText({ endpoint, reason }: BackendFailure): string {
  return `endpoint ${endpoint} did not answer: ${reason}`;
}
