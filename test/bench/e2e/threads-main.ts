import { Shooter } from './measure/shoot.ts';
import { cpuMs, peakBytes, servingCpuMs } from './measure/process-figures.ts';
import { median } from './measure/median.ts';
import { chooseRows, parseOptions } from './options.ts';
import { figure, megabytes, tableOf } from './report/table.ts';
import { pathOf, rowsOf } from './rows.ts';
import { eachRow, fleetOptions, prometheusVersion } from './run.ts';
import type { RunningFleet } from './servers/fleet.ts';
import { SIZES } from './workload/sizes.ts';

/**
 * `npm run bench:threads -- [--size …] [--rows …]`: rows with 0, 1, 2 and 4 threads beside the one that serves, which take turns. What the thread
 * that serves uses is the least that a query takes on a machine with any number of cores; what the others use is shared out between them. The last
 * column is that of a machine with 16 cores that nothing else runs on, without what it costs to wait for each other.
 */
const PROGRAM = 'dist/main.js';
const THREADS = [0, 1, 2, 4] as const;
const CORES = 16;
const WARM_SHOTS = 4;
const SHOTS = 12;

const options = parseOptions(process.argv.slice(2));
const rows = chooseRows(rowsOf(SIZES[options.size]), options.rows).filter(({ load }) => load.kind === 'one');
const lines: string[][] = [];
const servers = fleetOptions(options, PROGRAM, prometheusVersion(), []);
await eachRow(options, rows, servers, async (row, running) => {
  lines.push(...(await measure(running, row)));
});
console.log(
  tableOf(
    ['row', 'threads', 'ms', 'CPU', 'of the thread that serves', `ms with ${CORES} cores`, 'peak MB'],
    lines,
  ),
);

async function measure(running: RunningFleet, row: (typeof rows)[number]): Promise<string[][]> {
  const gateways = [];
  for (const threads of THREADS) {
    const gateway = await running.another([`--query.threads=${threads}`]);
    gateways.push({
      threads,
      gateway,
      shooter: new Shooter(gateway.url),
      times: [] as number[],
      all: 0,
      serving: 0,
    });
  }
  for (let shot = 0; shot < WARM_SHOTS + SHOTS; shot++)
    for (const each of gateways) {
      const { pid } = each.gateway;
      const before = [cpuMs([pid]), servingCpuMs(pid)] as const;
      const { ms } = await each.shooter.shoot(pathOf(row, shot), row.load);
      if (shot < WARM_SHOTS) continue;
      each.times.push(ms);
      each.all += cpuMs([pid]) - before[0];
      each.serving += servingCpuMs(pid) - before[1];
    }
  const found = gateways.map(({ threads, gateway, times, all, serving }) => {
    const [cpu, own] = [all / SHOTS, serving / SHOTS];
    const shared = (cpu - own) / Math.min(threads, CORES - 1);
    const least = threads === 0 ? cpu : Math.max(own, shared);
    return [
      row.name,
      String(threads),
      figure(median(times)),
      figure(cpu),
      figure(own),
      figure(least),
      megabytes(peakBytes(gateway.pid)),
    ];
  });
  for (const { gateway, shooter } of gateways) {
    await shooter.close();
    await gateway.stop();
  }
  return found;
}
