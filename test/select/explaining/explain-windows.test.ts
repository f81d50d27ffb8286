import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DedupReason } from '../../../src/dedup/reason.ts';
import {
  DecisionLog,
  mergeDecisions,
  ReasonCounter,
  showWindows,
} from '../../../src/select/explaining/explain-windows.ts';

test('what is still to come was not missed', () => {
  const log = new DecisionLog(100_000);
  log.window(0, 120_000, 'a', 20_000, { kind: 'tie' });
  log.window(0, 120_000, 'a', 65_000, { kind: 'tie' });
  log.window(0, 90_000, 'a', 30_000, { kind: 'tie' });
  assert.deepEqual(
    log.decisions.map(({ penalty }) => penalty),
    [0, 45_000, 30_000],
  );
});

/** Names of which one is in the other, and in the words of the reasons. */
const SHOWN = new Map([
  ['tie', 'first'],
  ['tie 9 scrapes', 'second'],
]);
const nameOf = (name: string): string => SHOWN.get(name) ?? name;
const WINDOW = { start: 0, end: 120_000, replica: 'first', penaltyMs: 0 };

test('windows with the same choice and reason become one, and reasons name replicas as people do', () => {
  const log = new DecisionLog(Number.MAX_SAFE_INTEGER);
  const missed = { kind: 'missed', replica: 'tie 9 scrapes', scrapes: 4 } as const;
  log.window(0, 120_000, 'tie', 1000, { kind: 'tie' });
  log.window(120_000, 240_000, 'tie', 2000, { kind: 'tie' });
  log.window(240_000, 360_000, 'tie', 0, missed);
  log.window(360_000, 480_000, 'tie', 0, missed);
  log.window(480_000, 600_000, 'tie', 0, { ...missed, scrapes: 1 });
  log.window(600_000, 720_000, 'tie 9 scrapes', 0, { kind: 'denser', than: 'tie' });
  const windows = mergeDecisions(log.decisions, { minTime: 0, maxTime: 700_000 }, nameOf);
  assert.deepEqual(
    windows.map((each) => showWindows(each, nameOf)),
    [
      { start: 0, end: 240_000, replica: 'first', reason: 'tie', penaltyMs: 3000, windows: 2 },
      {
        start: 240_000,
        end: 480_000,
        replica: 'first',
        reason: 'replica second missed 4 scrapes',
        penaltyMs: 0,
        windows: 2,
      },
      {
        start: 480_000,
        end: 600_000,
        replica: 'first',
        reason: 'replica second missed 1 scrape',
        penaltyMs: 0,
        windows: 1,
      },
      {
        start: 600_000,
        end: 720_000,
        replica: 'second',
        reason: 'denser than first',
        penaltyMs: 0,
        windows: 1,
      },
    ],
  );
});

test('reasons are counted by kind and replica, whatever the number of scrapes', () => {
  const reasons = new ReasonCounter();
  const add = (reason: DedupReason, windows: number): void =>
    reasons.add({ ...WINDOW, reason, windows }, nameOf);
  add({ kind: 'missed', replica: 'tie', scrapes: 1 }, 2);
  add({ kind: 'missed', replica: 'tie', scrapes: 7 }, 3);
  add({ kind: 'missed', replica: 'tie 9 scrapes', scrapes: 7 }, 1);
  add({ kind: 'denser', than: 'tie' }, 1);
  add({ kind: 'only source' }, 9);
  assert.deepEqual(reasons.list(), [
    { reason: 'only source', windows: 9 },
    { reason: 'replica first missed scrapes', windows: 5 },
    { reason: 'denser than first', windows: 1 },
    { reason: 'replica second missed scrapes', windows: 1 },
  ]);
});

test('no more than twenty reasons are listed, the others together', () => {
  const reasons = new ReasonCounter();
  for (let r = 0; r < 30; r++)
    reasons.add({ ...WINDOW, reason: { kind: 'denser', than: `r${r}` }, windows: 100 - r }, nameOf);
  const list = reasons.list();
  assert.equal(list.length, 21);
  assert.deepEqual(list.at(-1), { reason: 'other reasons', windows: 755 });
});
