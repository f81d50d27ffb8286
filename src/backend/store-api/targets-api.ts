import { labelValue } from '../../model/labels.ts';
import type { ActiveTarget, TargetDiscovery, TargetHealth } from '../../model/targets.ts';
import {
  type ActiveTarget as ActiveMessage,
  TargetHealth as Health,
  TargetState,
  type TargetsRequest as RequestMessage,
  type TargetsResponse,
} from '../../wire/store-api/targets.ts';
import type { TargetsRequest } from '../list-calls.ts';

export function targetsRequest({ state }: TargetsRequest, partialResponseStrategy: number): RequestMessage {
  return { state: TargetState[state], partialResponseStrategy };
}

/**
 * Servers are not told the scrape pool that was asked for, so it is chosen here. The messages tell neither those of dropped
 * targets, nor how many of these are not listed; Prometheus calls the job of a target by its pool before relabelling.
 */
export function readTargets(
  messages: readonly TargetsResponse[],
  { scrapePool }: Pick<TargetsRequest, 'scrapePool'>,
): TargetDiscovery {
  const isWanted = (pool: string): boolean => scrapePool === '' || pool === scrapePool;
  const found = messages.map(({ targets }) => targets).filter((targets) => targets !== undefined);
  return {
    active: found.flatMap(({ activeTargets }) =>
      activeTargets.filter((target) => isWanted(target.scrapePool)).map(readActive),
    ),
    dropped: found.flatMap(({ droppedTargets }) =>
      droppedTargets
        .filter(({ discoveredLabels }) => isWanted(labelValue(discoveredLabels, 'job')))
        .map(({ discoveredLabels }) => ({ discoveredLabels, scrapePool: '' })),
    ),
    droppedCounts: undefined,
  };
}

function readActive(target: ActiveMessage): ActiveTarget {
  return { ...target, health: healthOf(target.health), scrapeInterval: '', scrapeTimeout: '' };
}

function healthOf(health: number): TargetHealth {
  if (health === Health.up) return 'up';
  return health === Health.down ? 'down' : 'unknown';
}
