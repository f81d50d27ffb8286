import type { ActiveTarget, DroppedTarget, TargetDiscovery } from '../../model/targets.ts';
import { encodeInstant } from './instant.ts';
import { encodeLabels } from './labels.ts';
import { encodeList, encodeObject } from './object.ts';
import { encodeString } from './string.ts';

/** Targets as `/api/v1/targets` shows them; counts are null where dropped targets were not asked for. */
export function* encodeTargets(targets: TargetDiscovery, showDropped: boolean): Generator<string> {
  yield '{"activeTargets":';
  yield* encodeList(targets.active, encodeActive);
  yield ',"droppedTargets":';
  yield* encodeList(targets.dropped, encodeDropped);
  yield `,"droppedTargetCounts":${showDropped ? encodeCounts(targets.droppedCounts ?? new Map()) : 'null'}}`;
}

function encodeActive(target: ActiveTarget): string {
  return encodeObject({
    discoveredLabels: encodeLabels(target.discoveredLabels),
    labels: encodeLabels(target.labels),
    scrapePool: encodeString(target.scrapePool),
    scrapeUrl: encodeString(target.scrapeUrl),
    globalUrl: encodeString(target.globalUrl),
    lastError: encodeString(target.lastError),
    lastScrape: encodeInstant(target.lastScrape),
    lastScrapeDuration: String(target.lastScrapeDuration),
    health: encodeString(target.health),
    scrapeInterval: encodeString(target.scrapeInterval),
    scrapeTimeout: encodeString(target.scrapeTimeout),
  });
}

function encodeDropped({ discoveredLabels, scrapePool }: DroppedTarget): string {
  return encodeObject({
    discoveredLabels: encodeLabels(discoveredLabels),
    scrapePool: encodeString(scrapePool),
  });
}

function encodeCounts(counts: ReadonlyMap<string, number>): string {
  return `{${[...counts].map(([pool, count]) => `${encodeString(pool)}:${count}`).join(',')}}`;
}
