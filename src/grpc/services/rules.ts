import type { Alert, Rule, RuleGroup } from '../../model/rules.ts';
import { PartialResponseStrategy } from '../../wire/store-api/partial-response.ts';
import {
  AlertState,
  type Rule as RuleMessage,
  type RuleGroup as RuleGroupMessage,
  RuleType,
  decodeRulesRequest,
  encodeRulesResponse,
} from '../../wire/store-api/rules.ts';
import type { GrpcContext, Service } from '../service.ts';
import { warningsOf } from '../warnings.ts';

/** `thanos.Rules`: one message for each group. Replicas are not merged. */
export function rulesService({ gateway: { operations } }: GrpcContext): Service {
  return {
    name: 'thanos.Rules',
    methods: [
      {
        kind: 'stream',
        name: 'Rules',
        answer: async function* rules(message, signal) {
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
            dedup: false,
            mergesReplicas: true,
            partialResponse: request.partialResponseStrategy !== PartialResponseStrategy.abort,
          };
          const { groups, annotations } = await operations.rules(query, signal);
          for (const warning of warningsOf(annotations))
            yield encodeRulesResponse({ group: undefined, warning });
          for (const group of groups)
            yield encodeRulesResponse({ group: toGroup(group), warning: undefined });
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
