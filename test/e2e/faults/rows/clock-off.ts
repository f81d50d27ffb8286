import { fileURLToPath } from 'node:url';
import { knownAnswers } from '../load/clients.ts';
import { loadQueries } from '../load/queries.ts';
import type { FaultRow } from './row.ts';

const SKEWED = fileURLToPath(import.meta.resolve('../fleet/skewed-clock.ts'));
const OFF_MS = 600_000;

/** The clock of the gateway is off. */
export const CLOCK_ROWS: readonly FaultRow[] = [
  clockRow('clock-ahead', OFF_MS),
  clockRow('clock-behind', -OFF_MS),
];

function clockRow(name: string, offMs: number): FaultRow {
  return {
    name,
    run: async ({ settled, startGateway }) => {
      const gateway = await startGateway([], {
        execArgv: [`--import=${SKEWED}`],
        env: { CLOCK_OFF_MS: String(offMs) },
      });
      try {
        const wrong = await knownAnswers(gateway.url, loadQueries(settled)).then(
          () => [],
          (thrown: unknown) => [String(thrown)],
        );
        const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
        const isSaid = /clock/i.test(gateway.output()) || /clock/i.test(metrics);
        return {
          figures: undefined,
          bound: 'answers are right, and the log or a metric tells of the clock',
          problems: [...wrong, ...(isSaid ? [] : ['neither the log nor a metric tells of the clock'])],
        };
      } finally {
        await gateway.stop('SIGKILL');
      }
    },
  };
}
