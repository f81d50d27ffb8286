import type { Endpoint } from '../../cluster/topology.ts';
import { mergeLabels, type Labels } from '../../model/labels.ts';
import type { Pacer } from '../../model/pacer.ts';
import type { Rule, RuleGroup } from '../../model/rules.ts';
import type { TargetDiscovery } from '../../model/targets.ts';
import { ownReplicaLabels } from '../reading/label-merger.ts';

/** The labels that are merged here, told apart by what they are to some of the endpoints. */
export interface SplitLabels {
  /** Data to an application that uses the name for itself: only the values that mark endpoints are to be taken away. */
  readonly data: ReadonlySet<string>;
  /** Marks of replicas and nothing else. */
  readonly marks: ReadonlySet<string>;
}

export function splitLabels(endpoints: Iterable<Endpoint>, mergedHere: ReadonlySet<string>): SplitLabels {
  const data = new Set<string>();
  for (const endpoint of endpoints)
    for (const name of ownReplicaLabels(endpoint, mergedHere).keys()) data.add(name);
  return { data, marks: new Set([...mergedHere].filter((name) => !data.has(name))) };
}

type Relabel = (labels: Labels) => Labels;

/**
 * A group whose rules and alerts have other labels.
 * @param external labels that alerts get as well, as those have that their server sends to Alertmanagers; where an alert has one of
 * that name, its own stays.
 */
export async function relabelRules(
  group: RuleGroup,
  external: Labels,
  relabel: Relabel,
  pacer: Pacer,
): Promise<RuleGroup> {
  const rules: Rule[] = [];
  for (const rule of group.rules) {
    const labels = relabel(rule.labels);
    if (rule.kind === 'recording') rules.push({ ...rule, labels });
    else {
      const alerts = await pacer.map(rule.alerts, (alert) => ({
        ...alert,
        labels: relabel(mergeLabels(external, alert.labels)),
      }));
      rules.push({ ...rule, labels, alerts });
    }
    if (pacer.due()) await pacer.breathe();
  }
  return { ...group, rules };
}

/** Targets with other labels. Those that were discovered are the server's own and not data of an application. */
export async function relabelTargets<T extends TargetDiscovery>(
  targets: T,
  relabel: Relabel,
  pacer: Pacer,
): Promise<T> {
  const active = await pacer.map(targets.active, (each) => ({ ...each, labels: relabel(each.labels) }));
  return { ...targets, active };
}
