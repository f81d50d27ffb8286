import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, keepLabels, labelsKey, withoutLabels } from '../../model/labels.ts';
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
 * (Thanos' key, pkg/rules), and so are those that replicas share, wherever each has the file. Of a group the facts come
 * from the copy that was evaluated last, the file is the first by name. In it, rules that are the same without the
 * `hidden` labels are one rule: the most urgent copy, of those the latest. The order of rules is that of the file,
 * whatever the order of endpoints.
 * @param shards the groups of each endpoint of each shard.
 */
export function mergeRuleGroups(
  shards: readonly (readonly (readonly RuleGroup[])[])[],
  hidden: ReadonlySet<string>,
): readonly RuleGroup[] {
  return joinFiles(shards.flatMap((endpoints) => joinReplicas(endpoints, hidden)))
    .map(({ copies }) => ({
      ...copies.reduce((latest, copy) => (copy.lastEvaluation > latest.lastEvaluation ? copy : latest)),
      file: firstFile(copies),
      rules: mergeRules(copies, hidden),
    }))
    .sort((a, b) => compareStrings(a.file, b.file) || compareStrings(a.name, b.name));
}

/** Copies of one group. */
interface Copies {
  readonly copies: readonly RuleGroup[];
  /** The servers that have them. */
  readonly owners: ReadonlySet<string>;
}

/**
 * The groups of one shard. Copies in files of other names are of one group where they have the same rules and no server has
 * both: one that has two such groups itself means two.
 */
function joinReplicas(
  endpoints: readonly (readonly RuleGroup[])[],
  hidden: ReadonlySet<string>,
): readonly Copies[] {
  const owned = endpoints.flatMap((groups, endpoint) =>
    groups.map((copy) => ({ copy, owner: ownerOf(copy, endpoint, hidden) })),
  );
  const byFile = [...Map.groupBy(owned, ({ copy }) => fileKey(copy)).values()].map((members): Copies => ({
    copies: members.map(({ copy }) => copy),
    owners: new Set(members.map(({ owner }) => owner)),
  }));
  const byRules = Map.groupBy(byFile, ({ copies }) => rulesKey(copies, hidden));
  return [...byRules.values()].flatMap(joinApart);
}

/** In the order of their files, so that the first file of one replica meets the first one of another. */
function joinApart(same: readonly Copies[]): readonly Copies[] {
  const joined: Copies[] = [];
  const next = new Map<string, number>();
  for (const one of same.toSorted((a, b) => compareStrings(firstFile(a.copies), firstFile(b.copies)))) {
    const owners = [...one.owners];
    const at = Math.max(...owners.map((owner) => next.get(owner) ?? 0));
    joined[at] = joined[at] === undefined ? one : together(joined[at], one);
    for (const owner of owners) next.set(owner, at + 1);
  }
  return joined;
}

/** Shards that have a file in common share its groups. */
function joinFiles(groups: readonly Copies[]): readonly Copies[] {
  const byFile = new Map<string, Copies>();
  for (const group of groups) {
    const known = new Set(group.copies.map((copy) => byFile.get(fileKey(copy))));
    known.delete(undefined);
    const joined = [...known].reduce<Copies>((all, one) => together(all, one!), group);
    for (const copy of joined.copies) byFile.set(fileKey(copy), joined);
  }
  return [...new Set(byFile.values())];
}

function together(a: Copies, b: Copies): Copies {
  return { copies: [...a.copies, ...b.copies], owners: new Set([...a.owners, ...b.owners]) };
}

function fileKey({ file, name }: RuleGroup): string {
  return JSON.stringify([file, name]);
}

function firstFile(copies: readonly RuleGroup[]): string {
  return copies.map(({ file }) => file).reduce((a, b) => (compareStrings(a, b) <= 0 ? a : b));
}

/** The name and the rules of a group, whatever replica it is of. */
function rulesKey(copies: readonly RuleGroup[], hidden: ReadonlySet<string>): string {
  return JSON.stringify([copies[0]!.name, ...mergeRules(copies, hidden).map(ruleKey)]);
}

/** An endpoint may stand for several replicas, which the hidden labels of their rules tell apart. */
function ownerOf({ rules }: RuleGroup, endpoint: number, hidden: ReadonlySet<string>): string {
  return JSON.stringify([endpoint, ...(rules[0] === undefined ? [] : keepLabels(rules[0].labels, hidden))]);
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
