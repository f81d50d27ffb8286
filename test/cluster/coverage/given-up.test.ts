import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenUp, type GivenUp } from '../../../src/cluster/coverage/given-up.ts';
import type { ReplicaWindow } from '../../../src/cluster/coverage/window-runs.ts';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import type { Samples } from '../../select/support.ts';
import { NO_PAUSE } from '../../support/pace.ts';
import { START, piecesOf } from './support.ts';

/** The one that is lost was read last 3,000 s after the start, the others 60 s later. */
const LOST_AT = 3000;
const NOW = 3060;

/** Scrapes each 15 s, in seconds after the start; the end is exclusive. */
function every(from: number, to: number, value = 1): Samples {
  return Array.from(
    { length: Math.ceil((to - from) / 15) },
    (_, i) => [START + (from + 15 * i) * 1000, value] as const,
  );
}

function windowOf(until: number, targets: readonly Samples[]): ReplicaWindow {
  return {
    id: endpointId('a:1'),
    from: START,
    until: START + until * 1000,
    pieces: piecesOf(targets, START, 1),
  };
}

async function found(
  lost: readonly Samples[],
  ...others: readonly (readonly Samples[])[]
): Promise<GivenUp | undefined> {
  const windows = [windowOf(LOST_AT, lost), ...others.map((targets) => windowOf(NOW, targets))];
  return givenUp(windows, lost.length, undefined, NO_PAUSE);
}

async function targets(lost: Samples, ...others: readonly Samples[]): Promise<number | undefined> {
  return (await found([lost], ...others.map((samples) => [samples])))?.targets;
}

const UNTIL_LOST = every(0, LOST_AT);
const ON = every(5, NOW);

test('what another one goes on with is not given up, whether it answers or not', async () => {
  assert.equal(await targets(UNTIL_LOST, ON), 0);
  assert.equal(await targets(UNTIL_LOST, every(5, 1000), ON), 0, 'one of two');
  assert.equal(await targets(UNTIL_LOST, [...every(5, 3000), ...every(3005, NOW, 0)]), 0);
  assert.equal(await targets(every(2900, LOST_AT), every(2905, NOW)), 0, 'what is new');
});

test('what another one stopped scraping before is given up, since its last scrape', async () => {
  assert.deepEqual(await found([UNTIL_LOST], [every(0, 2400)]), {
    targets: 1,
    from: START + 2385 * 1000,
  });
  assert.equal(await targets(UNTIL_LOST, every(5, 2970)), 1, 'by one scrape that it missed');
});

test('what was handed over is given up, however few scrapes of it are known', async () => {
  assert.equal(await targets(every(2990, LOST_AT), every(5, 2990)), 1);
  assert.equal(await targets([...every(0, 1000), ...every(2990, LOST_AT)], every(5, 2990)), 1);
});

test('what no other one ever scraped is given up', async () => {
  assert.deepEqual(await found([UNTIL_LOST, UNTIL_LOST], [ON, []]), { targets: 1, from: START });
});

test('what was taken away from all is missing nowhere', async () => {
  assert.equal(await targets(UNTIL_LOST, every(5, 2990)), 0, 'no more was known of it when it went');
  assert.equal(await targets(UNTIL_LOST, every(5, 3020)), 0, 'it went later');
  const ended: Samples = [...every(0, 2400), [START + 2400 * 1000, STALE_NAN]];
  assert.equal(await targets(ended, every(5, 2300)), 0);
});

test('what the lost one did not reach either, or did not scrape any more, is none of its', async () => {
  assert.equal(await targets([...every(0, 2000), ...every(2010, LOST_AT, 0)], every(5, 1000)), 0);
  assert.equal(await targets(every(0, 2000), every(5, 1000)), 0);
});

test('only what is wanted counts', async () => {
  const windows = [windowOf(LOST_AT, [UNTIL_LOST, UNTIL_LOST]), windowOf(NOW, [ON, []])];
  assert.equal((await givenUp(windows, 2, (target) => target === 0, NO_PAUSE))?.targets, 0);
});
