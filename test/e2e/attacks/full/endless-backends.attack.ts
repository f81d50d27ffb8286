import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW } from '../../failures/support.ts';
import type { Clients, Told } from './clients-process.ts';
import {
  ATTACKER,
  CEILING,
  OTHER_CLIENT,
  printSeen,
  printTally,
  recovered,
  startHelper,
  startProgram,
  totalOf,
  watch,
} from './support.ts';

const ENDLESS = { frames: 60, json: 40, lists: 40, trickle: 20, grpc: 40 };
const SECONDS = 40;
/** What the process may keep of its heap afterwards, bytes. */
const KEPT = 200e6;

test('200 backends whose answers have no end', async (t) => {
  const replicas = await startHelper(t, './replicas-process.ts', { long: 1, wide: 1 });
  const endless = await startHelper(t, './endless-process.ts', ENDLESS);
  const healthy = replicas.url.split(' ');
  const program = await startProgram(t, [
    ...[...healthy, ...endless.url.split(' ')].map((url) => `--endpoint=${url}`),
    '--query.endpoint-timeout=5s',
    '--refresh-interval=10s',
  ]);
  const time = NOW / 1000;
  const right = `"value":[${time},"2"]`;
  const clients = { url: program.url, atOnce: 4, patience: 60_000, healthy };
  const ofAll: Clients = {
    ...clients,
    address: ATTACKER,
    atOnce: 16,
    questions: [
      { path: `/api/v1/query?query=count(m)&time=${time}`, right: '"value"', lacks: 'something' },
      {
        path: `/api/v1/query_range?query=sum(m)by(cluster)&start=${time - 60}&end=${time}&step=15`,
        right: '"matrix"',
        lacks: 'something',
      },
      { path: '/api/v1/series?match[]=m', right: '"success"', lacks: 'something' },
      { path: '/api/v1/labels', right: '"job"', lacks: 'something' },
      { path: '/api/v1/label/job/values', right: '"j"', lacks: 'something' },
    ],
  };
  const ofHealthy: Clients = {
    ...clients,
    address: OTHER_CLIENT,
    pause: 100,
    questions: [
      { path: `/api/v1/query?query=count(m{cluster="good"})&time=${time}`, right, lacks: 'perhaps' },
      { path: '/api/v1/label/job/values?match[]={cluster="good"}', right: '["j"]', lacks: 'perhaps' },
    ],
  };
  const attackers = await startHelper(t, './clients-process.ts', ofAll);
  const others = await startHelper(t, './clients-process.ts', ofHealthy);
  const afterwards = await startHelper(t, './clients-process.ts', {
    ...ofHealthy,
    atOnce: 1,
    times: 2,
    pause: 0,
  });
  const seen = await watch(t, program, async () => {
    attackers.send('go');
    others.send('go');
    await new Promise((wake) => setTimeout(wake, SECONDS * 1000));
    return (await Promise.all([attackers.ask('stop'), others.ask('stop')])) as readonly Told[];
  });
  const after = await recovered(program, seen.rest, KEPT);
  printSeen(t, seen, after);
  for (const [i, { tally, median, longest }] of seen.value.entries())
    printTally(
      t,
      `queries of ${['all shards', 'the healthy shard'][i]}: median ${Math.round(median)} ms, longest ${Math.round(longest)} ms`,
      tally,
    );
  const { tally: later } = (await afterwards.ask('go')) as Told;
  printTally(t, 'afterwards', later);
  assert.ok(seen.most.rss < CEILING, 'the memory stays below the ceiling');
  assert.equal(seen.health.failed, 0);
  for (const { tally } of seen.value) assert.equal(totalOf(tally, /WRONG|SILENT|BLAMES|BROKEN/), 0);
  assert.ok(totalOf(seen.value[1]!.tally, /^200 right/) > 0);
  assert.deepEqual(later, { '200 right': 2 });
});
