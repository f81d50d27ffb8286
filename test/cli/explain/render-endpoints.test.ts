import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderEndpoints } from '../../../src/cli/explain/render-endpoints.ts';
import type { CoverageHoleJson, CoverageJson, SelectorJson } from '../../../src/http/api/explanation.ts';

/** The lines about the scrapes of one replica with these holes. */
function linesOf(holes: readonly CoverageHoleJson[], holesNotShown: number): readonly string[] {
  return linesAbout({ state: 'lacks', targets: 9, holes, holesNotShown });
}

function linesAbout(coverage: CoverageJson): readonly string[] {
  const endpoint = {
    address: 'a:1',
    replica: 'a',
    protocol: 'memory',
    health: 'up',
    outcome: 'pruned',
    reason: 'it holds no samples of the time range',
    coverage,
  } as const;
  const shards = [{ labels: { shard: '0' }, endpoints: [endpoint] }];
  return renderEndpoints({ shards, unknownEndpoints: [] } as unknown as SelectorJson).slice(3);
}

const hole = (minute: number, more: Partial<CoverageHoleJson> = {}): CoverageHoleJson => ({
  start: minute * 60,
  end: minute * 60 + 90,
  kind: 'away',
  targets: 3,
  heldBy: ['b:1'],
  ...more,
});

test('each hole of a replica has a line of its own: when, of how many targets, why, and which replica has it', () => {
  assert.deepEqual(linesOf([hole(1), hole(10, { kind: 'failed', targets: 1, heldBy: ['b:1', 'c:1'] })], 0), [
    '      scrapes: lacks some of those of 9 targets',
    '        1970-01-01 00:01:00 – 1970-01-01 00:02:30  3 targets, it did not scrape; b:1 has it',
    '        1970-01-01 00:10:00 – 1970-01-01 00:11:30  1 target, its scrapes failed; b:1 and c:1 have it',
  ]);
});

test('of many holes the first are shown, and the others are counted', () => {
  const lines = linesOf(
    Array.from({ length: 8 }, (_, i) => hole(i)),
    5,
  );
  assert.equal(lines.length, 8);
  assert.equal(lines.at(-1), '        not shown: 11 holes of targets');
});

test('where nothing is known of the end, that is said', () => {
  assert.deepEqual(linesAbout({ state: 'whole', targets: 9, knownUntil: 60 }), [
    '      scrapes: whole, 9 targets until 1970-01-01 00:01:00; what came later is not known',
  ]);
});
