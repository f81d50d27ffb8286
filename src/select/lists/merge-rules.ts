import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, labelsKey, withoutLabels } from '../../model/labels.ts';
import {
  type Alert,
  type AlertingRule,
  ALERT_STATES,
  type AlertState,
  type Rule,
  type RuleGroup,
} from '../../model/rules.ts';

/**
 * Makes one list of the rule groups of many endpoints, sorted by file and name. Groups of the same file and name are one
 * (Thanos' key, pkg/rules); of a group the facts come from the copy that was evaluated last. In it, rules that are
 * the same without the `hidden` labels are one rule: the most urgent copy, of those the latest. The order of rules is
 * that of the file, whatever the order of endpoints.
 */
export function mergeRuleGroups(
  groups: readonly RuleGroup[],
  hidden: ReadonlySet<string>,
): readonly RuleGroup[] {
  const byKey = Map.groupBy(groups, ({ file, name }) => JSON.stringify([file, name]));
  return [...byKey.values()]
    .map((copies) => ({
      ...copies.reduce((latest, copy) => (copy.lastEvaluation > latest.lastEvaluation ? copy : latest)),
      rules: mergeRules(copies, hidden),
    }))
    .sort((a, b) => compareStrings(a.file, b.file) || compareStrings(a.name, b.name));
}

interface PlacedRule {
  readonly place: number;
  readonly rule: Rule;
}

function mergeRules(groups: readonly RuleGroup[], hidden: ReadonlySet<string>): readonly Rule[] {
  const placed = groups.flatMap(({ rules }) =>
    rules.map((rule, place) => ({ place, rule: { ...rule, labels: withoutLabels(rule.labels, hidden) } })),
  );
  const copies = Map.groupBy(placed, ({ rule }) => ruleKey(rule));
  return [...copies.values()]
    .map((same) => mergeCopies(same, hidden))
    .sort((a, b) => a.place - b.place || compareRules(a.rule, b.rule))
    .map(({ rule }) => rule);
}

/** What makes two rules the same one, as in Thanos (pkg/rules/rulespb, Rule.Compare). */
function ruleKey(rule: Rule): string {
  const duration = rule.kind === 'alerting' ? rule.duration : 0;
  return JSON.stringify([rule.kind, rule.name, labelsKey(rule.labels), rule.query, duration]);
}

function compareRules(a: Rule, b: Rule): number {
  return (
    compareStrings(a.kind, b.kind) ||
    compareStrings(a.name, b.name) ||
    compareLabels(a.labels, b.labels) ||
    compareStrings(a.query, b.query)
  );
}

function mergeCopies(copies: readonly PlacedRule[], hidden: ReadonlySet<string>): PlacedRule {
  const rules = copies.map(({ rule }) => rule).sort(byUrgency);
  const place = Math.min(...copies.map((copy) => copy.place));
  const [best] = rules;
  if (best!.kind === 'recording') return { place, rule: best! };
  const alerting = rules.filter((rule): rule is AlertingRule => rule.kind === 'alerting');
  return { place, rule: { ...best!, alerts: mergeAlerts(alerting, hidden) } };
}

/** The most urgent first, then the latest. */
function byUrgency(a: Rule, b: Rule): number {
  if (a.kind === 'alerting' && b.kind === 'alerting' && a.state !== b.state)
    return urgency(b.state) - urgency(a.state);
  if (a.lastEvaluation === b.lastEvaluation) return 0;
  return a.lastEvaluation > b.lastEvaluation ? -1 : 1;
}

function urgency(state: AlertState): number {
  return ALERT_STATES.indexOf(state);
}

/**
 * The alerts of the copies of a rule, best copy first: the same labels are one alert, the most urgent one, active
 * since the first of the copies saw it. Sorted by labels.
 */
function mergeAlerts(copies: readonly AlertingRule[], hidden: ReadonlySet<string>): readonly Alert[] {
  const byLabels = new Map<string, Alert>();
  for (const { alerts } of copies)
    for (const alert of alerts) {
      const labels = withoutLabels(alert.labels, hidden);
      const key = labelsKey(labels);
      const known = byLabels.get(key);
      byLabels.set(key, known === undefined ? { ...alert, labels } : mergeAlert(known, { ...alert, labels }));
    }
  return [...byLabels.values()].sort((a, b) => compareLabels(a.labels, b.labels));
}

function mergeAlert(known: Alert, other: Alert): Alert {
  const better = urgency(other.state) > urgency(known.state) ? other : known;
  const { activeAt } = known;
  const isEarlier = other.activeAt !== undefined && (activeAt === undefined || other.activeAt < activeAt);
  return { ...better, activeAt: isEarlier ? other.activeAt : activeAt };
}
