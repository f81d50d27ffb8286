import { isRestricted } from '../../model/enforced-matchers.ts';
import { mergeLabels, type Labels } from '../../model/labels.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { ALERT_STATES, type Alert, type AlertingRule, type Rule, type RuleGroup } from '../../model/rules.ts';
import type { TargetDiscovery } from '../../model/targets.ts';
import { compileMatchers } from '../../promql/match/compile.ts';

/** Whether a caller may see what has these labels, external ones included. */
export type Sees = (labels: Labels) => boolean;

/** Undefined for a caller that may see everything. */
export function seesOf({ caller }: Pick<RequestScope, 'caller'>): Sees | undefined {
  return isRestricted(caller) ? compileMatchers(caller.enforced.matchers) : undefined;
}

/**
 * The rules of a group that a caller may see, by their labels, each with the alerts that it may see, by theirs. Other alerts show in
 * nothing, so the state of a rule is that of those that are left.
 * @param onlyAlerts for an answer that has no rules: then a rule that the caller may not see stays with the alerts that it may see.
 */
export function visibleRules(group: RuleGroup, sees: Sees, onlyAlerts: boolean): RuleGroup {
  const rules: Rule[] = [];
  for (const rule of group.rules) {
    const isOwn = sees(rule.labels);
    if (rule.kind === 'recording') {
      if (isOwn) rules.push(rule);
      continue;
    }
    const alerts = rule.alerts.filter(({ labels }) => sees(mergeLabels(rule.labels, labels)));
    if (isOwn || (onlyAlerts && alerts.length > 0)) rules.push(withAlerts(rule, alerts));
  }
  return { ...group, rules };
}

function withAlerts(rule: AlertingRule, alerts: readonly Alert[]): AlertingRule {
  if (rule.alerts.length === alerts.length) return rule;
  const urgency = Math.max(
    ALERT_STATES.indexOf('inactive'),
    ...alerts.map(({ state }) => ALERT_STATES.indexOf(state)),
  );
  return { ...rule, alerts, state: ALERT_STATES[urgency]! };
}

/**
 * The targets that a caller may see, by their labels. Dropped ones have none but those that were discovered, and how many there are of
 * all callers is not told.
 */
export function visibleTargets<T extends TargetDiscovery>(targets: T, sees: Sees): T {
  return {
    ...targets,
    active: targets.active.filter(({ labels }) => sees(labels)),
    dropped: targets.dropped.filter(({ discoveredLabels }) => sees(discoveredLabels)),
    droppedCounts: undefined,
  };
}
