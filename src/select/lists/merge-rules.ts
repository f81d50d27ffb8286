import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, keepLabels, labelsKey, withoutLabels } from '../../model/labels.ts';
import { sortPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';
import { groupPaced } from './grouped.ts';
import { differing } from './told-by-replicas.ts';
import {
  type Alert,
  type AlertingRule,
  ALERT_STATES,
  type AlertState,
  type ReplicaAlert,
  type ReplicaRule,
  type Rule,
  type RuleGroup,
} from '../../model/rules.ts';

/**
 * Makes one list of the rule groups of many endpoints, sorted by file and name. Groups of the same file and name are one
 * (Thanos' key, pkg/rules), and so are those that replicas share, wherever each has the file. Of a group the facts come
 * from the copy that was evaluated last, the file is the first by name. In it, rules that are the same without the
 * `hidden` labels are one rule: the most urgent copy, of those the latest. The order of rules is that of the file,
 * whatever the order of endpoints. Rules that say who told them say afterwards what each replica says, where they differ.
 * @param shards the groups of each endpoint of each shard.
 */
export async function mergeRuleGroups(
  shards: readonly (readonly (readonly RuleGroup[])[])[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<readonly RuleGroup[]> {
  const joined: Copies[] = [];
  for (const endpoints of shards)
    for (const copies of await joinReplicas(endpoints, hidden, pacer)) joined.push(copies);
  const merged: RuleGroup[] = [];
  for (const { copies } of await joinFiles(joined, pacer)) {
    const latest = copies.reduce((one, copy) => (copy.lastEvaluation > one.lastEvaluation ? copy : one));
    merged.push({ ...latest, file: firstFile(copies), rules: await mergeRules(copies, hidden, pacer) });
    if (pacer.due()) await pacer.breathe();
  }
  return sortPaced(merged, (a, b) => compareStrings(a.file, b.file) || compareStrings(a.name, b.name), pacer);
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
async function joinReplicas(
  endpoints: readonly (readonly RuleGroup[])[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<readonly Copies[]> {
  const owned: { readonly copy: RuleGroup; readonly owner: string }[] = [];
  for (const [endpoint, groups] of endpoints.entries())
    await pacer.forEach(groups, (copy) => owned.push({ copy, owner: ownerOf(copy, endpoint, hidden) }));
  const byRules = new Map<string, Copies[]>();
  for (const members of (await groupPaced(owned, ({ copy }) => fileKey(copy), pacer)).values()) {
    const copies = members.map(({ copy }) => copy);
    const key = await rulesKey(copies, hidden, pacer);
    const same = byRules.get(key) ?? [];
    byRules.set(key, same);
    same.push({ copies, owners: new Set(members.map(({ owner }) => owner)) });
    if (pacer.due()) await pacer.breathe();
  }
  const joined: Copies[] = [];
  for (const same of byRules.values()) {
    for (const one of await joinApart(same, pacer)) joined.push(one);
    if (pacer.due()) await pacer.breathe();
  }
  return joined;
}

/** In the order of their files, so that the first file of one replica meets the first one of another. */
async function joinApart(same: readonly Copies[], pacer: Pacer): Promise<readonly Copies[]> {
  if (same.length === 1) return same;
  const joined: Copies[] = [];
  const next = new Map<string, number>();
  const named = await pacer.map(same, (one) => ({ one, file: firstFile(one.copies) }));
  for (const { one } of await sortPaced(named, (a, b) => compareStrings(a.file, b.file), pacer)) {
    if (pacer.due()) await pacer.breathe();
    const owners = [...one.owners];
    const at = Math.max(...owners.map((owner) => next.get(owner) ?? 0));
    joined[at] = joined[at] === undefined ? one : together(joined[at], one);
    for (const owner of owners) next.set(owner, at + 1);
  }
  return joined;
}

/** Shards that have a file in common share its groups. */
async function joinFiles(groups: readonly Copies[], pacer: Pacer): Promise<readonly Copies[]> {
  const byFile = new Map<string, Copies>();
  await pacer.forEach(groups, (group) => {
    const known = new Set(group.copies.map((copy) => byFile.get(fileKey(copy))));
    known.delete(undefined);
    const joined = [...known].reduce<Copies>((all, one) => together(all, one!), group);
    for (const copy of joined.copies) byFile.set(fileKey(copy), joined);
  });
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
async function rulesKey(
  copies: readonly RuleGroup[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<string> {
  const keys = await pacer.map(await mergeRules(copies, hidden, pacer), ruleKey);
  return JSON.stringify([copies[0]!.name, ...keys]);
}

/** An endpoint may stand for several replicas, which the hidden labels of their rules tell apart. */
function ownerOf({ rules }: RuleGroup, endpoint: number, hidden: ReadonlySet<string>): string {
  return JSON.stringify([endpoint, ...(rules[0] === undefined ? [] : keepLabels(rules[0].labels, hidden))]);
}

interface PlacedRule {
  readonly place: number;
  readonly rule: Rule;
}

async function mergeRules(
  groups: readonly RuleGroup[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<readonly Rule[]> {
  const placed: PlacedRule[] = [];
  for (const { rules } of groups)
    await pacer.forEach(rules, (rule, place) => {
      placed.push({ place, rule: { ...rule, labels: withoutLabels(rule.labels, hidden) } });
    });
  const merged: PlacedRule[] = [];
  for (const same of (await groupPaced(placed, ({ rule }) => ruleKey(rule), pacer)).values()) {
    merged.push(await mergeCopies(same, hidden, pacer));
    if (pacer.due()) await pacer.breathe();
  }
  const sorted = await sortPaced(merged, (a, b) => a.place - b.place || compareRules(a.rule, b.rule), pacer);
  return pacer.map(sorted, ({ rule }) => rule);
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

async function mergeCopies(
  copies: readonly PlacedRule[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<PlacedRule> {
  const rules = copies.map(({ rule }) => rule).sort(byUrgency);
  const place = Math.min(...copies.map((copy) => copy.place));
  const best = withReplicas(rules);
  if (best.kind === 'recording') return { place, rule: best };
  const alerting = rules.filter((rule): rule is AlertingRule => rule.kind === 'alerting');
  return { place, rule: { ...best, alerts: await mergeAlerts(alerting, hidden, pacer) } };
}

/** The first copy, with what each of them says. */
function withReplicas(rules: readonly Rule[]): Rule {
  const [first] = rules;
  if (first!.replicas === undefined) return first!;
  const { replicas: _, ...best } = first!;
  const told = differing(
    rules.flatMap((rule) => rule.replicas ?? []),
    ruleWords,
  );
  return told === undefined ? best : { ...best, replicas: told };
}

function ruleWords({ health, lastError, state, activeAlerts }: ReplicaRule): string {
  return JSON.stringify([health, lastError, state, activeAlerts]);
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
async function mergeAlerts(
  copies: readonly AlertingRule[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<readonly Alert[]> {
  const byLabels = new Map<string, Alert>();
  const states = new Map<string, Map<AlertingRule, AlertState>>();
  for (const copy of copies)
    await pacer.forEach(copy.alerts, (alert) => {
      const labels = withoutLabels(alert.labels, hidden);
      const key = labelsKey(labels);
      const known = byLabels.get(key);
      byLabels.set(key, known === undefined ? { ...alert, labels } : mergeAlert(known, { ...alert, labels }));
      if (copy.replicas !== undefined)
        states.set(key, (states.get(key) ?? new Map<AlertingRule, AlertState>()).set(copy, alert.state));
    });
  const merged = await pacer.map([...byLabels], ([key, alert]) => {
    const ofAlert = states.get(key);
    const told = ofAlert && differing(alertReplicas(copies, ofAlert), ({ state }) => state);
    return told === undefined ? alert : { ...alert, replicas: told };
  });
  return sortPaced(merged, (a, b) => compareLabels(a.labels, b.labels), pacer);
}

function alertReplicas(
  copies: readonly AlertingRule[],
  states: ReadonlyMap<AlertingRule, AlertState>,
): readonly ReplicaAlert[] {
  return copies.flatMap((copy) =>
    (copy.replicas ?? []).map(({ endpoint, labels }) => ({
      endpoint,
      labels,
      state: states.get(copy) ?? 'inactive',
    })),
  );
}

function mergeAlert(known: Alert, other: Alert): Alert {
  const better = urgency(other.state) > urgency(known.state) ? other : known;
  const { activeAt } = known;
  const isEarlier = other.activeAt !== undefined && (activeAt === undefined || other.activeAt < activeAt);
  return { ...better, activeAt: isEarlier ? other.activeAt : activeAt };
}
