import type { Fleet } from '../state/fleet.ts';
import { labelName } from '../text/labels.ts';

/** Replicas that can be looked at alone, and how many more there are. */
export interface ReplicaChoices {
  readonly listed: readonly ReplicaChoice[];
  readonly more: number;
}

/** A replica that can be looked at alone. */
export interface ReplicaChoice {
  /** Of its endpoints in all shards. */
  readonly selector: `{${string}`;
  readonly name: string;
}

/** More would be no list to choose from. The address takes the selector of any other. */
const MOST_CHOICES = 20;

/** The replicas of all shards, by what tells endpoints of a shard apart. */
export function replicaChoices(fleet: Fleet | undefined): ReplicaChoices {
  const found = new Map<string, ReplicaChoice>();
  for (const { labels, endpoints } of fleet?.shards ?? [])
    for (const { store } of endpoints)
      for (const own of store.labelSets) {
        const apart = Object.entries(own).filter(([label]) => !Object.hasOwn(labels, label));
        if (apart.length === 0) continue;
        const matchers = apart.map(([label, value]) => `${labelName(label)}=${JSON.stringify(value)}`);
        const selector = `{${matchers.join(',')}}` as const;
        found.set(selector, { selector, name: apart.map(([, value]) => value).join(' ') });
      }
  const all = [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return { listed: all.slice(0, MOST_CHOICES), more: Math.max(all.length - MOST_CHOICES, 0) };
}
