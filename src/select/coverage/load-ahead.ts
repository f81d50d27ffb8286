import { USUAL_LOOK_BACK_MS } from '../../cluster/coverage/coverage-index.ts';
import { coverOf } from '../../cluster/redundancy.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { SelectionContext } from '../context.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';

/**
 * Begins to read when replicas scraped their targets in a queried time, where the targets of now do not prove that they replace each
 * other: those of an archive, or of servers that were stopped. When one of them is lost, it cannot be read any more.
 */
export function loadAhead(
  { coverage }: Pick<SelectionContext, 'coverage'>,
  shards: readonly ShardOutcome<unknown>[],
  range: TimeRange,
): void {
  if (coverage === undefined || range.maxTime - range.minTime > USUAL_LOOK_BACK_MS) return;
  for (const { outcomes } of shards) {
    if (outcomes.length < 2 || !outcomes.every(({ result }) => result.ok)) continue;
    const endpoints = outcomes.map(({ route }) => route.endpoint);
    for (const endpoint of endpoints) {
      const others = endpoints.filter((other) => other !== endpoint);
      if (coverOf(endpoint, others).kind === 'unproven') coverage.loadAhead(endpoint, range);
    }
  }
}
