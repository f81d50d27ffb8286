import { type Labels, mergeLabels } from '../../model/labels.ts';
import { type ActiveTarget, TARGET_HEALTHS, type TargetDiscovery } from '../../model/targets.ts';
import type { TargetsRequest } from '../operations.ts';
import type { Parameters } from './api-call.ts';
import {
  instantOf,
  type JsonObject,
  labelsOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  wordOf,
} from './json-fields.ts';

export function targetsParameters({ state, scrapePool }: TargetsRequest): Parameters {
  return [
    ...(state === 'any' ? [] : [['state', state] as const]),
    ...(scrapePool === '' ? [] : [['scrapePool', scrapePool] as const]),
  ];
}

/** Reads targets and adds external labels, discovered ones included, as a Thanos sidecar does (pkg/targets). */
export function readTargets(data: unknown, externalLabels: Labels): TargetDiscovery {
  const answer = objectOf(data, 'targets');
  const counts = answer['droppedTargetCounts'];
  return {
    active: objectsOf(answer['activeTargets'], 'targets').map((target) => readActive(target, externalLabels)),
    dropped: objectsOf(answer['droppedTargets'], 'targets').map((target) => ({
      discoveredLabels: mergeLabels(labelsOf(target, 'discoveredLabels'), externalLabels),
      scrapePool: textOf(target, 'scrapePool'),
    })),
    droppedCounts: counts === undefined || counts === null ? undefined : readCounts(counts),
  };
}

function readCounts(value: unknown): ReadonlyMap<string, number> {
  const counts = objectOf(value, 'counts of dropped targets');
  return new Map(Object.keys(counts).map((pool) => [pool, numberOf(counts, pool)]));
}

function readActive(target: JsonObject, externalLabels: Labels): ActiveTarget {
  return {
    discoveredLabels: mergeLabels(labelsOf(target, 'discoveredLabels'), externalLabels),
    labels: mergeLabels(labelsOf(target, 'labels'), externalLabels),
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
