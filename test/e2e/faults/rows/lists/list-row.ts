import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServe, untilEndpointsUp } from '../../../../support/serve-process.ts';
import { REFRESH_MS, type Fleet } from '../../fleet/fleet.ts';
import type { Replica } from '../../fleet/replica.ts';
import { knownAnswers, Load, type Asked } from '../../load/clients.ts';
import { figuresOf } from '../../load/figures.ts';
import { loadQueries } from '../../load/queries.ts';
import type { FaultRow, Scale } from '../row.ts';
import { LOOK_MS, type EndpointList } from './endpoint-list.ts';

/** For the gateway to ask the new one, and for this process to see that, ms. */
const SLACK_MS = 1500;
/** Longest wait for a change that is not picked up, ms. */
const PATIENCE_MS = 15_000;

export interface Trouble<L extends EndpointList> {
  readonly start: () => Promise<L>;
  /** What goes wrong before the list changes; takes as long as it lasts, about the time that it is given, ms. */
  readonly before: (list: L, now: readonly Replica[], next: readonly Replica[], ms: number) => Promise<void>;
  /** What ends that once the list has changed. */
  readonly behind: (list: L) => Promise<void> | void;
  /** Beside the time between two looks, ms. */
  readonly longerMs?: number;
}

/** One replica takes the place of its sibling in a list, behind some trouble with the list. */
export function listRow<L extends EndpointList>(
  name: string,
  { start, before, behind, longerMs = 0 }: Trouble<L>,
): FaultRow {
  return {
    name,
    run: async (fleet, scale) => {
      const named = (names: readonly string[]): readonly Replica[] => names.map(fleet.replica);
      const [now, next] = [named(['0a', '0b', '1a']), named(['0a', '0b', '1b'])];
      const list = await start();
      const folder = await mkdtemp(join(tmpdir(), 'promweave-lists-'));
      const ends = [list.close.bind(list), () => rm(folder, { recursive: true })];
      try {
        await list.name(now);
        const file = join(folder, 'promweave.yml');
        const ofGrpc = fleet.replicas.filter(({ transport }) => transport === 'grpc');
        await writeFile(file, configOf(list, ofGrpc));
        const gateway = await startServe([`--config=${file}`], list.options);
        ends.push(async () => void (await gateway.stop('SIGKILL')));
        await untilEndpointsUp(gateway.url, ofGrpc.length + now.length);
        return await changed(gateway.url, fleet, scale, {
          before: (ms) => before(list, now, next, ms),
          behind: async () => {
            await list.name(next);
            await behind(list);
          },
          isUsed: async () => hasReplaced(gateway.url, next, now.at(-1)!),
          most: LOOK_MS + SLACK_MS + longerMs + scale.leastMs,
        });
      } finally {
        for (const end of ends.toReversed()) await end();
      }
    },
  };
}

interface Change {
  readonly before: (ms: number) => Promise<void>;
  readonly behind: () => Promise<void>;
  readonly isUsed: () => Promise<boolean>;
  /** ms. */
  readonly most: number;
}

async function changed(
  url: string,
  { settled }: Fleet,
  { calmMs, faultMs }: Scale,
  { before, behind, isUsed, most }: Change,
): ReturnType<FaultRow['run']> {
  const load = new Load(url, await knownAnswers(url, loadQueries(settled)));
  let usedAfter = Infinity;
  let asked: readonly Asked[] = [];
  try {
    await sleep(calmMs / 2);
    await before(faultMs);
    await behind();
    const since = performance.now();
    while (performance.now() - since < PATIENCE_MS && usedAfter === Infinity) {
      if (await isUsed()) usedAfter = performance.now() - since;
      else await sleep(50);
    }
    await sleep(calmMs / 2);
  } finally {
    asked = await load.end();
  }
  const figures = figuresOf(asked);
  const unwell = figures.failures + figures.wrong + figures.warned;
  return {
    figures,
    bound: `every answer is right; used ≤ ${most} ms behind the change, it was after ${usedAfter.toFixed(0)}`,
    problems: [
      ...(unwell === 0 ? [] : [`${unwell} of ${figures.asked} answers were not right`, ...figures.reasons]),
      ...(usedAfter <= most ? [] : [`the change was used after ${usedAfter.toFixed(0)} ms, not ${most}`]),
    ],
  };
}

/** Whether a gateway has all of these endpoints, up, and has let another one go. */
async function hasReplaced(url: string, replicas: readonly Replica[], gone: Replica): Promise<boolean> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const up = new Map(
    [...text.matchAll(/^promweave_endpoint_up\{endpoint="([^"]*)"\} (\d)$/gm)].map(
      ([, endpoint, isUp]) => [endpoint, isUp] as const,
    ),
  );
  return replicas.every(({ endpoint }) => up.get(endpoint) === '1') && !up.has(gone.endpoint);
}

function configOf({ endpoints, discovery }: EndpointList, replicas: readonly Replica[]): string {
  const known = replicas.map(({ endpoint }) => `  - address: ${endpoint}\n`).join('');
  return `
refresh_interval: ${REFRESH_MS}ms
endpoints:
${known}${endpoints}
discovery:
  dns_interval: ${LOOK_MS}ms
${discovery}
`;
}
