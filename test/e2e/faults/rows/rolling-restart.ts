import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../support/free-port.ts';
import type { ServeProcess } from '../../../support/serve-process.ts';
import { startBalancer } from '../fleet/balancer.ts';
import { knownAnswers, Load } from '../load/clients.ts';
import { figuresOf } from '../load/figures.ts';
import { loadQueries } from '../load/queries.ts';
import type { FaultRow } from './row.ts';

const TIMES = 5;
/** A gateway that takes longer to end does not end. */
const MOST_ENDING_MS = 30_000;
/** For the load balancer to see that one is back. */
const SEEN_MS = 1500;
/** For the load balancer to see that one stops, as the documentation asks for: it looks twice a second. */
const SHUTDOWN_DELAY = '2s';

/** Two gateways behind a load balancer are restarted by SIGTERM, one after the other, again and again. */
export const ROLLING_RESTART_ROW: FaultRow = {
  name: 'rolling-restart',
  run: async ({ settled, startGateway }) => {
    const ports = [await freePort(), await freePort()];
    const start = (port: number): Promise<ServeProcess> =>
      startGateway([
        `--http-address=127.0.0.1:${port}`,
        `--http-shutdown-delay=${SHUTDOWN_DELAY}`,
        '--http-grace-period=10s',
      ]);
    const gateways = await Promise.all(ports.map(start));
    const balancer = await startBalancer(ports);
    const problems = new Set<string>();
    try {
      const load = new Load(balancer.url, await knownAnswers(balancer.url, loadQueries(settled)));
      await sleep(SEEN_MS);
      for (let time = 0; time < TIMES; time++)
        for (const [i, port] of ports.entries()) {
          const code = await terminated(gateways[i]!);
          if (code !== 0) problems.add(`a gateway ended with ${code}, not with 0`);
          gateways[i] = await start(port);
          await sleep(SEEN_MS);
        }
      const figures = figuresOf(await load.end());
      const unwell = figures.failures + figures.wrong + figures.warned;
      if (unwell > 0) problems.add(`${unwell} of ${figures.asked} answers were not right`);
      return {
        figures,
        bound: `${TIMES} × 2 restarts, no request fails`,
        problems: [...problems, ...figures.reasons],
      };
    } finally {
      await balancer.stop();
      await Promise.all(gateways.map((gateway) => gateway.stop('SIGKILL')));
    }
  },
};

async function terminated({ child }: ServeProcess): Promise<number | null> {
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(MOST_ENDING_MS) });
  child.kill('SIGTERM');
  await exited;
  return child.exitCode;
}
