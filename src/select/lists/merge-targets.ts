import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, labelsKey, withoutLabels } from '../../model/labels.ts';
import { sortPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';
import { differing } from './told-by-replicas.ts';
import {
  type ActiveTarget,
  type DroppedTarget,
  type ReplicaTarget,
  TARGET_HEALTHS,
  type TargetDiscovery,
} from '../../model/targets.ts';

/**
 * Makes one list of the targets of many endpoints, given by shard. Targets of the same pool, URL and labels without
 * the `hidden` ones are one: the healthiest copy, of those the one scraped last. Discovered labels are no part of
 * what makes a target, as in Prometheus. Sorted by pool, labels and URL. Targets that say who told them say afterwards what each replica
 * says, where they differ.
 */
export async function mergeTargets(
  shards: readonly (readonly TargetDiscovery[])[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<TargetDiscovery> {
  const all = shards.flat();
  return {
    active: await mergeActive(
      all.flatMap(({ active }) => active),
      hidden,
      pacer,
    ),
    dropped: await mergeDropped(
      all.flatMap(({ dropped }) => dropped),
      hidden,
      pacer,
    ),
    droppedCounts: mergeCounts(shards, hidden.size > 0),
  };
}

async function mergeActive(
  targets: readonly ActiveTarget[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<readonly ActiveTarget[]> {
  const byKey = new Map<string, ActiveTarget>();
  const told = new Map<string, ReplicaTarget[]>();
  await pacer.forEach(targets, (target) => {
    const shown = {
      ...target,
      labels: withoutLabels(target.labels, hidden),
      discoveredLabels: withoutLabels(target.discoveredLabels, hidden),
    };
    const key = JSON.stringify([target.scrapePool, target.scrapeUrl, labelsKey(shown.labels)]);
    const known = byKey.get(key);
    if (known === undefined || compareState(shown, known) > 0) byKey.set(key, shown);
    if (target.replicas === undefined) return;
    const before = told.get(key);
    if (before === undefined) told.set(key, [...target.replicas]);
    else before.push(...target.replicas);
  });
  const merged = await pacer.map([...byKey], ([key, target]) => {
    const ofTarget = told.get(key);
    if (ofTarget === undefined) return target;
    const { replicas: _, ...rest } = target;
    const replicas = differing(ofTarget, targetWords);
    return replicas === undefined ? rest : { ...rest, replicas };
  });
  return sortPaced(
    merged,
    (a, b) =>
      compareStrings(a.scrapePool, b.scrapePool) ||
      compareLabels(a.labels, b.labels) ||
      compareStrings(a.scrapeUrl, b.scrapeUrl),
    pacer,
  );
}

function targetWords({ health, lastError }: ReplicaTarget): string {
  return JSON.stringify([health, lastError]);
}

/** Above zero where `a` is healthier, or as healthy and scraped later. */
function compareState(a: ActiveTarget, b: ActiveTarget): number {
  const health = TARGET_HEALTHS.indexOf(a.health) - TARGET_HEALTHS.indexOf(b.health);
  if (health !== 0) return health;
  if (a.lastScrape === b.lastScrape) return 0;
  return a.lastScrape > b.lastScrape ? 1 : -1;
}

async function mergeDropped(
  targets: readonly DroppedTarget[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<readonly DroppedTarget[]> {
  const byKey = new Map<string, DroppedTarget>();
  await pacer.forEach(targets, ({ discoveredLabels, scrapePool }) => {
    const labels = withoutLabels(discoveredLabels, hidden);
    byKey.set(JSON.stringify([scrapePool, labelsKey(labels)]), { discoveredLabels: labels, scrapePool });
  });
  return sortPaced(
    [...byKey.values()],
    (a, b) =>
      compareStrings(a.scrapePool, b.scrapePool) || compareLabels(a.discoveredLabels, b.discoveredLabels),
    pacer,
  );
}

/** Replicas drop the same targets, so the largest count of a shard is the shard's; those of shards add up. */
function mergeCounts(
  shards: readonly (readonly TargetDiscovery[])[],
  replicasAreOne: boolean,
): ReadonlyMap<string, number> | undefined {
  const counts = shards.flatMap((replicas) => {
    const known = replicas.flatMap(({ droppedCounts }) => droppedCounts ?? []);
    return replicasAreOne && known.length > 0 ? [combine(known, Math.max)] : known;
  });
  return counts.length === 0 ? undefined : combine(counts, (a, b) => a + b);
}

/** By pool, sorted. */
function combine(
  counts: readonly ReadonlyMap<string, number>[],
  two: (a: number, b: number) => number,
): ReadonlyMap<string, number> {
  const combined = new Map<string, number>();
  for (const one of counts)
    for (const [pool, count] of one) combined.set(pool, two(combined.get(pool) ?? 0, count));
  return new Map([...combined].sort(([a], [b]) => compareStrings(a, b)));
}
