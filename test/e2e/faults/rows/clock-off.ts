import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServe, untilEndpointsUp, type ServeProcess } from '../../../support/serve-process.ts';
import { REFRESH_MS, type SettledTime } from '../fleet/fleet.ts';
import { startSkewedReplica } from '../fleet/skewed-replica.ts';
import { knownAnswers, Load } from '../load/clients.ts';
import { figuresOf } from '../load/figures.ts';
import { loadQueries } from '../load/queries.ts';
import type { FaultRow, RowResult, Scale } from './row.ts';

const SKEWED = fileURLToPath(import.meta.resolve('../fleet/skewed-clock.ts'));
const OFF_MS = 600_000;
/** Whose place a server with another clock takes. */
const REPLACED = '0b';

/** The clock of the gateway is off, or that of one replica. */
export const CLOCK_ROWS: readonly FaultRow[] = [
  clockRow('clock-ahead', OFF_MS),
  clockRow('clock-behind', -OFF_MS),
  replicaClockRow('replica-clock-ahead', OFF_MS),
  replicaClockRow('replica-clock-behind', -OFF_MS),
];

function clockRow(name: string, offMs: number): FaultRow {
  return {
    name,
    run: async ({ settled, startGateway }, scale) => {
      const gateway = await startGateway([], {
        execArgv: [`--import=${SKEWED}`],
        env: { CLOCK_OFF_MS: String(offMs) },
      });
      try {
        const isSaid = async (): Promise<boolean> =>
          /clock/i.test(gateway.output()) || /clock/i.test(await metricsOf(gateway));
        return await judged(gateway, settled, scale, isSaid);
      } finally {
        await gateway.stop('SIGKILL');
      }
    },
  };
}

function replicaClockRow(name: string, offMs: number): FaultRow {
  return {
    name,
    run: async ({ settled, replicas, replica }, scale) => {
      const skewed = await startSkewedReplica(replica(REPLACED), settled, offMs);
      const others = replicas.filter((each) => each.name !== REPLACED).map(({ endpoint }) => endpoint);
      const gateway = await startServe([
        ...[...others, skewed.url].map((endpoint) => `--endpoint=${endpoint}`),
        `--refresh-interval=${REFRESH_MS}ms`,
      ]);
      try {
        await untilEndpointsUp(gateway.url, replicas.length);
        const words = `the clock of the endpoint ${skewed.url} is 600 s ${offMs > 0 ? 'ahead of' : 'behind'}`;
        const metric = `promweave_endpoint_clock_offset_seconds{endpoint="${skewed.url}"} ${offMs / 1000}\n`;
        const isSaid = async (): Promise<boolean> =>
          gateway.output().includes(words) && (await metricsOf(gateway)).includes(metric);
        return await judged(gateway, settled, scale, isSaid);
      } finally {
        await gateway.stop('SIGKILL');
        await skewed.close();
      }
    },
  };
}

async function judged(
  { url }: ServeProcess,
  settled: SettledTime,
  { faultMs }: Scale,
  isSaid: () => Promise<boolean>,
): Promise<RowResult> {
  const bound = 'answers are right, and it is told whose clock is off';
  try {
    // Throws where an answer is not what the targets said.
    const load = new Load(url, await knownAnswers(url, loadQueries(settled)));
    await sleep(faultMs);
    const figures = figuresOf(await load.end());
    const unwell = figures.failures + figures.wrong + figures.warned;
    return {
      figures,
      bound,
      problems: [
        ...(unwell === 0 ? [] : [`${unwell} of ${figures.asked} answers were not right`, ...figures.reasons]),
        ...((await isSaid()) ? [] : ['neither the log nor a metric tells of the clock']),
      ],
    };
  } catch (thrown) {
    return { figures: undefined, bound, problems: [String(thrown)] };
  }
}

async function metricsOf({ url }: ServeProcess): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}
