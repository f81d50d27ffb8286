import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { hash } from '@node-rs/bcrypt';
import { basic, folderOf } from '../../../app/access/support.ts';
import { startProgram } from './support.ts';

const CLIENTS = 50;
const COST = 12;
const ATTACK_MS = 10_000;
/** Between two questions of the user whose password is right. */
const PAUSE_MS = 200;

test(`${CLIENTS} clients guess passwords of cost ${COST}`, async (t) => {
  const { write } = folderOf(t);
  const users = JSON.stringify({ ann: await hash('right', COST) });
  const program = await startProgram(t, [
    `--web.config.file=${write('web.yml', `basic_auth_users: ${users}\n`)}`,
    '--endpoint=http://127.0.0.1:1',
  ]);
  const query = `${program.url}/api/v1/query?query=1`;
  const ask = async (password: string, url = query): Promise<Response> =>
    fetch(url, { headers: basic('ann', password) });
  const lateness = async (): Promise<number> => {
    const text = await (await ask('right', `${program.adminUrl}/metrics`)).text();
    return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(text)![1]) * 1000;
  };
  await lateness();
  const end = performance.now() + ATTACK_MS;
  const statuses = new Map<number, number>();
  const guess = async (_: unknown, client: number): Promise<void> => {
    for (let i = 0; performance.now() < end; i++) {
      const { status } = await ask(`guess ${i} of ${client}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const right = async (): Promise<void> => {
    while (performance.now() < end) {
      assert.equal((await ask('right')).status, 200);
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all([right(), ...Array.from({ length: CLIENTS }, guess)]);
  t.diagnostic(`p99 of the event loop's delay ${(await lateness()).toFixed(1)} ms; guesses by status:`);
  for (const [status, count] of statuses) t.diagnostic(`${status}: ${count}`);
  assert.ok((statuses.get(401) ?? 0) > 0);
  assert.deepEqual(
    [...statuses.keys()].filter((status) => status !== 401 && status !== 503),
    [],
  );
});
