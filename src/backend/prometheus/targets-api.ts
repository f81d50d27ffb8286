import type { Pacer } from '../../model/pacer.ts';
import { type ActiveTarget, TARGET_HEALTHS, type TargetDiscovery } from '../../model/targets.ts';
import type { TargetsRequest } from '../list-calls.ts';
import type { Parameters } from './api-call.ts';
import {
  instantOf,
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectOf,
  textOf,
  wordOf,
} from './json-fields.ts';
import { type Externals, withExternals } from './with-external-labels.ts';

export function targetsParameters({ state, scrapePool }: TargetsRequest): Parameters {
  return [
    ...(state === 'any' ? [] : [['state', state] as const]),
    ...(scrapePool === '' ? [] : [['scrapePool', scrapePool] as const]),
  ];
}

/** Reads targets and adds external labels, discovered ones included, as a Thanos sidecar does (pkg/targets). */
export async function readTargets(
  data: unknown,
  externals: Externals,
  pacer: Pacer,
): Promise<TargetDiscovery> {
  const answer = objectOf(data, 'targets');
  const counts = answer['droppedTargetCounts'];
  return {
    active: await pacer.map(listOf(answer, 'activeTargets', 'targets'), (target) =>
      readActive(target, externals),
    ),
    dropped: await pacer.map(listOf(answer, 'droppedTargets', 'dropped targets'), (target) => ({
      discoveredLabels: withExternals(labelsOf(target, 'discoveredLabels'), externals),
      scrapePool: textOf(target, 'scrapePool'),
    })),
    droppedCounts: counts === undefined || counts === null ? undefined : readCounts(counts),
  };
}

function readCounts(value: unknown): ReadonlyMap<string, number> {
  const counts = objectOf(value, 'counts of dropped targets');
  return new Map(Object.keys(counts).map((pool) => [pool, numberOf(counts, pool)]));
}

function readActive(target: JsonObject, externals: Externals): ActiveTarget {
  return {
    discoveredLabels: withExternals(labelsOf(target, 'discoveredLabels'), externals),
    labels: withExternals(labelsOf(target, 'labels'), externals),
    scrapePool: textOf(target, 'scrapePool'),
    scrapeUrl: textOf(target, 'scrapeUrl'),
    globalUrl: textOf(target, 'globalUrl'),
    lastError: textOf(target, 'lastError'),
    lastScrape: instantOf(target, 'lastScrape'),
    lastScrapeDuration: numberOf(target, 'lastScrapeDuration'),
    health: wordOf(target, 'health', TARGET_HEALTHS),
    scrapeInterval: textOf(target, 'scrapeInterval'),
    scrapeTimeout: textOf(target, 'scrapeTimeout'),
  };
}
