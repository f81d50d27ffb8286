import type { ActiveTarget, TargetHealth } from '../../model/targets.ts';
import { PartialResponseStrategy } from '../../wire/store-api/partial-response.ts';
import {
  decodeTargetsRequest,
  encodeTargetsResponse,
  TargetHealth as HealthNumber,
  TargetState,
} from '../../wire/store-api/targets.ts';
import type { GrpcContext, Service } from '../service.ts';
import { warningsOf } from '../warnings.ts';

/** `thanos.Targets`: what all endpoints scrape, in one message. */
export function targetsService({ gateway: { operations } }: GrpcContext): Service {
  return {
    name: 'thanos.Targets',
    methods: [
      {
        kind: 'stream',
        name: 'Targets',
        answer: async function* targets(message, signal) {
          const { state, partialResponseStrategy } = decodeTargetsRequest(message);
          const query = {
            state: stateOf(state),
            scrapePool: '',
            dedup: false,
            mergesReplicas: true,
            partialResponse: partialResponseStrategy !== PartialResponseStrategy.abort,
          };
          const { active, dropped, annotations } = await operations.targets(query, signal);
          for (const warning of warningsOf(annotations))
            yield encodeTargetsResponse({ targets: undefined, warning });
          const discovery = {
            activeTargets: active.map(toMessage),
            droppedTargets: dropped.map(({ discoveredLabels }) => ({ discoveredLabels })),
          };
          yield encodeTargetsResponse({ targets: discovery, warning: undefined });
        },
      },
    ],
  };
}

function stateOf(number: number): 'any' | 'active' | 'dropped' {
  if (number === TargetState.active) return 'active';
  return number === TargetState.dropped ? 'dropped' : 'any';
}

type Message = Parameters<typeof encodeTargetsResponse>[0]['targets'];

function toMessage(target: ActiveTarget): NonNullable<Message>['activeTargets'][number] {
  return { ...target, health: healthNumber(target.health) };
}

function healthNumber(health: TargetHealth): number {
  return HealthNumber[health];
}
