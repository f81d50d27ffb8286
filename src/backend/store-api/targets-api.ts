import type { ActiveTarget, TargetDiscovery, TargetHealth } from '../../model/targets.ts';
import { PartialResponseStrategy } from '../../wire/store-api/partial-response.ts';
import {
  type ActiveTarget as ActiveMessage,
  TargetHealth as Health,
  TargetState,
  type TargetsRequest as RequestMessage,
  type TargetsResponse,
} from '../../wire/store-api/targets.ts';
import type { TargetsRequest } from '../operations.ts';

export function targetsRequest({ state }: TargetsRequest): RequestMessage {
  return { state: TargetState[state], partialResponseStrategy: PartialResponseStrategy.warn };
}

/** The messages tell neither the scrape pools of dropped targets, nor how many of these are not listed. */
export function readTargets(messages: readonly TargetsResponse[]): TargetDiscovery {
  const found = messages.map(({ targets }) => targets).filter((targets) => targets !== undefined);
  return {
    active: found.flatMap(({ activeTargets }) => activeTargets.map(readActive)),
    dropped: found.flatMap(({ droppedTargets }) =>
      droppedTargets.map(({ discoveredLabels }) => ({ discoveredLabels, scrapePool: '' })),
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
