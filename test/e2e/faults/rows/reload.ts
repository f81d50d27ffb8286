import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServe, untilEndpointsUp } from '../../../support/serve-process.ts';
import { heapOf, INSPECTED } from '../fleet/inspector.ts';
import { REFRESH_MS } from '../fleet/fleet.ts';
import { knownAnswers, Load } from '../load/clients.ts';
import { figuresOf } from '../load/figures.ts';
import { loadQueries } from '../load/queries.ts';
import type { FaultRow } from './row.ts';

const TIMES = 50;
/** One of so many files is broken. */
const BROKEN_EVERY = 5;
/** Between two reloads, ms. */
const APART_MS = 250;
const MOST_GROWTH = 1.1;
/** Connections that come and go beside. */
const MORE_DESCRIPTORS = 10;
const METRIC = 'promweave_config_last_reload_successful';

/** The configuration is read again under load, and is broken now and then. */
export const RELOAD_ROW: FaultRow = {
  name: 'reload',
  run: async ({ replicas, settled }) => {
    const folder = await mkdtemp(join(tmpdir(), 'promweave-reload-'));
    const file = join(folder, 'promweave.yml');
    const endpoints = replicas.map(({ endpoint }) => `  - address: ${endpoint}\n`).join('');
    const sound = (number: number): string =>
      `refresh_interval: ${REFRESH_MS}ms\nquery: { timeout: ${100 + number}s }\nendpoints:\n${endpoints}`;
    await writeFile(file, sound(0));
    const gateway = await startServe([`--config=${file}`], { execArgv: INSPECTED });
    try {
      await untilEndpointsUp(gateway.url, replicas.length);
      const known = await knownAnswers(gateway.url, loadQueries(settled));
      const calm = new Load(gateway.url, known);
      await sleep(TIMES * APART_MS * 0.2);
      await calm.end();
      const before = { heap: await heapOf(gateway), descriptors: descriptorsOf(gateway.pid) };
      const load = new Load(gateway.url, known);
      const problems: string[] = [];
      for (let number = 1; number <= TIMES; number++) {
        const isBroken = number % BROKEN_EVERY === 0;
        await writeFile(file, isBroken ? 'endpoints: [' : sound(number));
        process.kill(gateway.pid, 'SIGHUP');
        await sleep(APART_MS);
        const said = await metricOf(gateway.url);
        if (said !== (isBroken ? '0' : '1'))
          problems.push(`behind a ${isBroken ? 'broken' : 'sound'} file ${METRIC} is ${said}`);
      }
      const figures = figuresOf(await load.end());
      await sleep(REFRESH_MS);
      const growth = (await heapOf(gateway)) / before.heap;
      const more = descriptorsOf(gateway.pid) - before.descriptors;
      const unwell = figures.failures + figures.wrong + figures.warned;
      return {
        figures,
        bound: `${TIMES} reloads; descriptors + ${more}, heap × ${growth.toFixed(2)}`,
        problems: [
          ...new Set(problems),
          ...(unwell === 0 ? [] : [`${unwell} answers were not right`, ...figures.reasons]),
          ...(more <= MORE_DESCRIPTORS ? [] : [`${more} descriptors more are open`]),
          ...(growth <= MOST_GROWTH ? [] : [`the heap grew × ${growth.toFixed(2)}`]),
        ],
      };
    } finally {
      await gateway.stop('SIGKILL');
      await rm(folder, { recursive: true });
    }
  },
};

function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

async function metricOf(url: string): Promise<string> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new RegExp(`^${METRIC} (\\S+)$`, 'm').exec(text)?.[1] ?? 'absent';
}
