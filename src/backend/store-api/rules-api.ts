import { ALERT_STATES, type Alert, type AlertState, type Rule, type RuleGroup } from '../../model/rules.ts';
import {
  RuleType,
  type AlertInstance,
  type RuleGroup as GroupMessage,
  type Rule as RuleMessage,
  type RulesRequest as RequestMessage,
} from '../../wire/store-api/rules.ts';
import type { RulesRequest } from '../list-calls.ts';

const TYPES: Readonly<Record<RulesRequest['type'], number>> = {
  all: RuleType.all,
  alerting: RuleType.alert,
  recording: RuleType.record,
};

export function rulesRequest(
  { type, ruleNames, groupNames, files }: RulesRequest,
  partialResponseStrategy: number,
): RequestMessage {
  return {
    type: TYPES[type],
    partialResponseStrategy,
    matcherString: [],
    ruleName: ruleNames,
    ruleGroup: groupNames,
    file: files,
  };
}

export function readRuleGroup(group: GroupMessage): RuleGroup {
  const { name, file, interval, limit, evaluationDurationSeconds: evaluationTime, lastEvaluation } = group;
  const rules = group.rules.map(readRule).filter((rule) => rule !== undefined);
  return { name, file, rules, interval, limit, evaluationTime, lastEvaluation };
}

/** Undefined for a kind of rule that is not known here. */
function readRule({ recording, alert }: RuleMessage): Rule | undefined {
  const rule = alert ?? recording;
  if (rule === undefined) return undefined;
  const { name, query, labels, health, lastError, evaluationDurationSeconds, lastEvaluation } = rule;
  const evaluationTime = evaluationDurationSeconds;
  const common = { name, query, labels, health, lastError, evaluationTime, lastEvaluation };
  if (alert === undefined) return { kind: 'recording', ...common };
  return {
    kind: 'alerting',
    ...common,
    state: stateOf(alert.state),
    duration: alert.durationSeconds,
    keepFiringFor: alert.keepFiringForSeconds,
    annotations: alert.annotations,
    alerts: alert.alerts.map(readAlert),
  };
}

function readAlert({ labels, annotations, state, activeAt, value }: AlertInstance): Alert {
  return { labels, annotations, state: stateOf(state), activeAt, keepFiringSince: undefined, value };
}

/** thanos.AlertState has the numbers of our list. */
function stateOf(state: number): AlertState {
  return ALERT_STATES[state] ?? 'unknown';
}
