import type { Alert, AlertingRule, RecordingRule, Rule, RuleGroup } from '../../../src/model/rules.ts';
import type { RulesSelect } from '../../../src/select/lists/filter-rules.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../src/model/labels.ts';

/** A request without restrictions. */
export const ALL_RULES: RulesSelect = {
  type: 'all',
  ruleNames: [],
  groupNames: [],
  files: [],
  excludeAlerts: false,
  matcherSets: [],
};

type Pairs = Readonly<Record<string, string>>;

export function groupOf(name: string, at: bigint, ...rules: readonly Rule[]): RuleGroup {
  return { name, file: 'f.yml', rules, interval: 5, limit: 0, evaluationTime: 0, lastEvaluation: at };
}

export function recordingOf(name: string, at: bigint, labels: Pairs): RecordingRule {
  return { kind: 'recording', ...common(name, at, labels) };
}

export function alertingOf(
  name: string,
  at: bigint,
  labels: Pairs,
  state: AlertingRule['state'],
  ...alerts: readonly Alert[]
): AlertingRule {
  return {
    kind: 'alerting',
    ...common(name, at, labels),
    state,
    duration: 60,
    keepFiringFor: 0,
    annotations: EMPTY_LABELS,
    alerts,
  };
}

export function alertOf(labels: Pairs, state: Alert['state'], activeAt: bigint, value = '1e+00'): Alert {
  return {
    labels: labelsFromRecord(labels),
    annotations: EMPTY_LABELS,
    state,
    activeAt,
    keepFiringSince: undefined,
    value,
  };
}

function common(name: string, lastEvaluation: bigint, labels: Pairs) {
  return {
    name,
    query: 'up',
    labels: labelsFromRecord(labels),
    health: 'ok',
    lastError: '',
    evaluationTime: 0,
    lastEvaluation,
  };
}
