import type { Endpoint } from '../../cluster/topology.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, EMPTY_LABELS, keepLabels, mergeLabels, type Labels } from '../../model/labels.ts';
import type { Pacer } from '../../model/pacer.ts';
import type { ReplicaName } from '../../model/replica-name.ts';
import type { Rule, RuleGroup } from '../../model/rules.ts';
import type { TargetDiscovery } from '../../model/targets.ts';

/** Replicas that are told of one item: more nobody compares. */
const MOST_REPLICAS = 20;
/** Characters of what one of them says. */
const LONGEST_TEXT = 1000;

/**
 * What replicas say of one thing, sorted by endpoint; undefined where they all say the same. Where there are too many, one for each
 * thing that is said comes before others are left out.
 * @param wordsOf what is compared.
 */
export function differing<T extends ReplicaName>(
  told: readonly T[],
  wordsOf: (one: T) => string,
): readonly T[] | undefined {
  if (told.length < 2) return undefined;
  const compared = told.map((one) => ({ one, words: wordsOf(one) }));
  const [{ words: first } = { words: '' }] = compared;
  if (compared.every(({ words }) => words === first)) return undefined;
  const sorted = compared.sort(
    (a, b) =>
      compareStrings(a.one.endpoint, b.one.endpoint) ||
      compareLabels(a.one.labels, b.one.labels) ||
      compareStrings(a.words, b.words),
  );
  if (sorted.length <= MOST_REPLICAS) return sorted.map(({ one }) => one);
  const seen = new Set<string>();
  const [news, others]: [T[], T[]] = [[], []];
  for (const { one, words } of sorted) {
    (seen.has(words) ? others : news).push(one);
    seen.add(words);
  }
  const chosen = new Set([...news, ...others].slice(0, MOST_REPLICAS));
  return sorted.flatMap(({ one }) => (chosen.has(one) ? [one] : []));
}

/** A group whose rules say who told them, for the merge to compare. */
export async function rulesByReplica(
  group: RuleGroup,
  endpoint: Endpoint,
  merged: ReadonlySet<string>,
  pacer: Pacer,
): Promise<RuleGroup> {
  const rules = await pacer.map(group.rules, (rule): Rule => {
    const { health, lastError } = rule;
    const said = { ...nameOf(endpoint, rule.labels, merged), health, lastError: cut(lastError) };
    return rule.kind === 'recording'
      ? { ...rule, replicas: [said] }
      : { ...rule, replicas: [{ ...said, state: rule.state, activeAlerts: rule.alerts.length }] };
  });
  return { ...group, rules };
}

/** Targets that say who told them, for the merge to compare. */
export async function targetsByReplica<T extends TargetDiscovery>(
  targets: T,
  endpoint: Endpoint,
  merged: ReadonlySet<string>,
  pacer: Pacer,
): Promise<T> {
  const active = await pacer.map(targets.active, (target) => {
    const { labels, health, lastError, lastScrape } = target;
    const said = { health, lastError: cut(lastError), lastScrape };
    return { ...target, replicas: [{ ...nameOf(endpoint, labels, merged), ...said }] };
  });
  return { ...targets, active };
}

function nameOf(endpoint: Endpoint, labels: Labels, merged: ReadonlySet<string>): ReplicaName {
  const own = keepLabels(endpoint.externalLabels ?? EMPTY_LABELS, merged);
  return { endpoint: endpoint.id, labels: mergeLabels(own, keepLabels(labels, merged)) };
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
