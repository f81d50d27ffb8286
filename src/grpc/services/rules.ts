import { Pacer } from '../../model/pacer.ts';
import type { Alert, Rule, RuleGroup } from '../../model/rules.ts';
import { PartialResponseStrategy } from '../../wire/store-api/partial-response.ts';
import {
  AlertState,
  type Rule as RuleMessage,
  type RuleGroup as RuleGroupMessage,
  RuleType,
  decodeRulesRequest,
  encodeGroup,
  encodeRulesResponse,
} from '../../wire/store-api/rules.ts';
import type { GrpcContext, Service } from '../service.ts';
import { eachReplica } from '../requests.ts';
import { warningsOf } from '../warnings.ts';

/** `thanos.Rules`: one message a group, each replica for itself. */
export function rulesService({ gateway }: GrpcContext): Service {
  return {
    name: 'thanos.Rules',
    methods: [
      {
        kind: 'stream',
        access: 'tenant',
        name: 'Rules',
        answer: async function* rules(message, origin) {
          const request = decodeRulesRequest(message);
          const query = {
            type: typeOf(request.type),
            ruleNames: request.ruleName,
            groupNames: request.ruleGroup,
            files: request.file,
            selectors: request.matcherString,
            excludeAlerts: false,
            groupLimit: undefined,
            groupNextToken: '',
          };
          const scope = gateway.open(eachReplica(request.partialResponseStrategy), origin);
          const { groups, annotations } = await gateway.lists.rules(scope, query);
          for (const warning of warningsOf(scope, annotations))
            yield encodeRulesResponse({ group: undefined, warning });
          const pacer = new Pacer(scope);
          for (const group of groups) yield await encodeGroup(toGroup(group), pacer);
        },
      },
    ],
  };
}

function typeOf(number: number): 'all' | 'alerting' | 'recording' {
  if (number === RuleType.alert) return 'alerting';
  return number === RuleType.record ? 'recording' : 'all';
}

function toGroup(group: RuleGroup): RuleGroupMessage {
  const { name, file, interval, limit, evaluationTime, lastEvaluation } = group;
  return {
    name,
    file,
    rules: group.rules.map(toRule),
    interval,
    evaluationDurationSeconds: evaluationTime,
    lastEvaluation,
    // A server above decides on its own strategy.
    partialResponseStrategy: PartialResponseStrategy.warn,
    limit,
  };
}

function toRule(rule: Rule): RuleMessage {
  const { name, query, labels, health, lastError, evaluationTime, lastEvaluation } = rule;
  const common = { name, query, labels, health, lastError, lastEvaluation };
  const recording = { ...common, evaluationDurationSeconds: evaluationTime };
  if (rule.kind === 'recording') return { recording, alert: undefined };
  const alert = {
    ...recording,
    state: AlertState[rule.state],
    durationSeconds: rule.duration,
    annotations: rule.annotations,
    alerts: rule.alerts.map(toInstance),
    keepFiringForSeconds: rule.keepFiringFor,
  };
  return { recording: undefined, alert };
}

type AlertMessage = NonNullable<RuleMessage['alert']>['alerts'][number];

function toInstance({ labels, annotations, state, activeAt, value }: Alert): AlertMessage {
  const partialResponseStrategy = PartialResponseStrategy.warn;
  return { labels, annotations, state: AlertState[state], activeAt, value, partialResponseStrategy };
}
