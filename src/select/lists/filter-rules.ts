import type { RulesRequest } from '../../backend/list-calls.ts';
import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { Rule, RuleGroup } from '../../model/rules.ts';
import { compileMatchers } from '../../promql/match/compile.ts';

/** What is asked of all endpoints. */
export interface RulesSelect extends RulesRequest {
  /** Alternatives on the labels of rules, external ones included; empty means no restriction. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  /** The answer has alerts and no rules. Undefined means false. */
  readonly onlyAlerts?: boolean | undefined;
  /** Whether alerts get the external labels of their endpoint, where they have no label of that name. Undefined means false. */
  readonly alertExternalLabels?: boolean | undefined;
  /** Whether it is told what each replica says, where they differ. Undefined means false. */
  readonly showReplicas?: boolean | undefined;
}

/** Keeps what a request asks for, since servers may ignore parameters that they do not know. No group stays empty. */
export function filterRules(groups: readonly RuleGroup[], request: RulesSelect): readonly RuleGroup[] {
  const { ruleNames, groupNames, files } = request;
  const accepts = anyOf(request.matcherSets);
  const keeps = (rule: Rule): boolean =>
    (request.type === 'all' || rule.kind === request.type) &&
    (ruleNames.length === 0 || ruleNames.includes(rule.name)) &&
    accepts(rule.labels);
  return groups
    .filter(({ name }) => groupNames.length === 0 || groupNames.includes(name))
    .filter(({ file }) => files.length === 0 || files.includes(file))
    .map((group) => ({ ...group, rules: group.rules.filter(keeps).map((rule) => bare(rule, request)) }))
    .filter(({ rules }) => rules.length > 0);
}

function bare(rule: Rule, { excludeAlerts }: RulesSelect): Rule {
  return excludeAlerts && rule.kind === 'alerting' ? { ...rule, alerts: [] } : rule;
}

function anyOf(matcherSets: RulesSelect['matcherSets']): (labels: Labels) => boolean {
  if (matcherSets.length === 0) return () => true;
  const alternatives = matcherSets.map((matchers) => compileMatchers(matchers));
  return (labels) => alternatives.some((matches) => matches(labels));
}
