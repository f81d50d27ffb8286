import { compareStrings } from '../../model/compare-strings.ts';
import type { Pacer } from '../../model/pacer.ts';
import {
  type Alert,
  ALERT_STATES,
  type Rule,
  type RuleAnnotations,
  type RuleGroup,
} from '../../model/rules.ts';
import type { RulesRequest } from '../list-calls.ts';
import type { Parameters } from './api-call.ts';
import {
  instantOf,
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  optionalInstantOf,
  textOf,
  textsOf,
  wordOf,
} from './json-fields.ts';
import { type Externals, withExternals } from './with-external-labels.ts';

/** The parameters of `/api/v1/rules`; servers that do not know one send more. */
export function rulesParameters(request: RulesRequest): Parameters {
  return [
    ...(request.type === 'all' ? [] : [['type', request.type === 'alerting' ? 'alert' : 'record'] as const]),
    ...request.ruleNames.map((name) => ['rule_name[]', name] as const),
    ...request.groupNames.map((name) => ['rule_group[]', name] as const),
    ...request.files.map((file) => ['file[]', file] as const),
    ...(request.excludeAlerts ? [['exclude_alerts', 'true'] as const] : []),
  ];
}

/** Reads rule groups and adds external labels to rules, as to series. */
export async function readRuleGroups(
  data: unknown,
  externals: Externals,
  pacer: Pacer,
): Promise<readonly RuleGroup[]> {
  const groups: RuleGroup[] = [];
  for (const group of listOf(objectOf(data, 'rule groups'), 'groups', 'rule groups')) {
    const rules: Rule[] = [];
    for (const rule of listOf(group, 'rules', 'rules')) {
      rules.push(await readRule(rule, externals, pacer));
      if (pacer.due()) await pacer.breathe();
    }
    groups.push({
      name: textOf(group, 'name'),
      file: textOf(group, 'file'),
      rules,
      interval: numberOf(group, 'interval'),
      limit: numberOf(group, 'limit'),
      evaluationTime: numberOf(group, 'evaluationTime'),
      lastEvaluation: instantOf(group, 'lastEvaluation'),
    });
  }
  return groups;
}

async function readRule(rule: JsonObject, externals: Externals, pacer: Pacer): Promise<Rule> {
  const common = {
    name: textOf(rule, 'name'),
    query: textOf(rule, 'query'),
    labels: withExternals(labelsOf(rule, 'labels'), externals),
    health: textOf(rule, 'health'),
    lastError: textOf(rule, 'lastError'),
    evaluationTime: numberOf(rule, 'evaluationTime'),
    lastEvaluation: instantOf(rule, 'lastEvaluation'),
  };
  if (rule['type'] === 'recording') return { kind: 'recording', ...common };
  return {
    kind: 'alerting',
    ...common,
    state: wordOf(rule, 'state', ALERT_STATES),
    duration: numberOf(rule, 'duration'),
    keepFiringFor: numberOf(rule, 'keepFiringFor'),
    annotations: annotationsOf(rule),
    alerts: await pacer.map(objectsOf(rule['alerts'], 'alerts'), readAlert),
  };
}

function readAlert(alert: JsonObject): Alert {
  return {
    labels: labelsOf(alert, 'labels'),
    annotations: annotationsOf(alert),
    state: wordOf(alert, 'state', ALERT_STATES),
    activeAt: optionalInstantOf(alert, 'activeAt'),
    keepFiringSince: optionalInstantOf(alert, 'keepFiringSince'),
    value: textOf(alert, 'value'),
  };
}

function annotationsOf(object: JsonObject): RuleAnnotations {
  return Object.entries(textsOf(object, 'annotations'))
    .sort(([a], [b]) => compareStrings(a, b))
    .flat();
}
