import type { Topology } from '../../cluster/topology.ts';
import { QueryError } from '../../model/errors.ts';
import { lossTextFor } from '../../model/loss-text.ts';
import type { Loss } from '../../model/loss.ts';
import type { Caller } from '../../model/request-scope.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import { canMatch } from '../routing/route.ts';

/**
 * Refuses an answer that no endpoint had a part in, because none can be reached: it would be empty, and an alert that is evaluated on it
 * would end as if all were well. Callers that take partial answers want a part. An endpoint that answered with an error was reached, and
 * one that was not asked counts by its health, if it may hold what the caller may see.
 *
 * Where no endpoint is known at all, nothing was lost, and the answer is empty with a warning. Thanos Query answers so, too. No fault of a
 * gateway that runs leads there: a source that fails keeps the endpoints that it told last, and a reload that names none is refused. A start
 * without any does, or a source that says that there is none. `/-/ready` tells then that answers are empty.
 * @throws QueryError `unavailable` that names them.
 */
export function refuseIfNoneReached(
  caller: Pick<Caller, 'enforced'>,
  shards: readonly ShardOutcome<unknown>[],
  losses: readonly Loss[],
  { endpoints }: Topology,
): void {
  const outcomes = shards.flatMap((shard) => shard.outcomes);
  const asked = new Set(outcomes.map(({ route }) => route.endpoint));
  const isReached =
    outcomes.some(
      ({ result }) =>
        result.ok || (result.failure.kind !== 'unavailable' && result.failure.kind !== 'timeout'),
    ) ||
    endpoints.some(
      (endpoint) =>
        !asked.has(endpoint) && endpoint.health.kind === 'up' && canMatch(endpoint, caller.enforced.matchers),
    );
  if (isReached || losses.length === 0) return;
  throw new QueryError(
    'unavailable',
    `no endpoint can be reached: ${[...new Set(losses.map((loss) => lossTextFor(caller, loss)))].join('; ')}`,
  );
}
