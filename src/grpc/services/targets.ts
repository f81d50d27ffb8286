import type { ActiveTarget, TargetHealth } from '../../model/targets.ts';
import {
  decodeTargetsRequest,
  encodeTargetsResponse,
  TargetHealth as HealthNumber,
  TargetState,
} from '../../wire/store-api/targets.ts';
import type { GrpcContext, Service } from '../service.ts';
import { eachReplica } from '../requests.ts';
import { warningsOf } from '../warnings.ts';

/** `thanos.Targets`: what all endpoints scrape, in one message. */
export function targetsService({ gateway }: GrpcContext): Service {
  return {
    name: 'thanos.Targets',
    methods: [
      {
        kind: 'stream',
        access: 'tenant',
        name: 'Targets',
        answer: async function* targets(message, origin) {
          const { state, partialResponseStrategy } = decodeTargetsRequest(message);
          const query = {
            state: stateOf(state),
            scrapePool: '',
          };
          const scope = gateway.open(eachReplica(partialResponseStrategy), origin);
          const { active, dropped, annotations } = await gateway.lists.targets(scope, query);
          for (const warning of warningsOf(scope, annotations))
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
