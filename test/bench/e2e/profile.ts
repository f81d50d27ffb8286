import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shooter } from './measure/shoot.ts';
import { chooseRows, type BenchOptions } from './options.ts';
import { hotFunctions, type CpuProfile } from './report/hot-functions.ts';
import { pathOf, rowsOf } from './rows.ts';
import { fleetOptions, fleetsOf, prometheusVersion } from './run.ts';
import { startFleet } from './servers/fleet.ts';
import { SIZES } from './workload/sizes.ts';

const TIME_MS = 10_000;
const MOST_FUNCTIONS = 30;

/** Asks the gateway one row for some seconds and gives the hottest functions of each of its threads as text. */
export async function profileRow(name: string, options: BenchOptions, program: string): Promise<string> {
  const [row] = chooseRows(rowsOf(SIZES[options.size]), [name]);
  const fleet = fleetsOf(options).find(({ name }) => name === row!.fleet)!;
  const folder = mkdtempSync(join(tmpdir(), 'promweave-profile-'));
  try {
    const execArgv = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
    const running = await startFleet(fleet, fleetOptions(options, program, prometheusVersion(), execArgv));
    const shooter = new Shooter(running.gateway.url);
    let shots = 0;
    try {
      const started = performance.now();
      for (; performance.now() - started < TIME_MS; shots++)
        await shooter.shoot(pathOf(row!, shots), row!.load);
    } finally {
      await shooter.close();
      await running.stop();
    }
    const tables = readdirSync(folder).map((file) => {
      const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
      return hotFunctions(profile, MOST_FUNCTIONS);
    });
    if (tables.length === 0) throw new Error('the gateway wrote no profile');
    return [`${name}: ${shots} shots`, ...tables].join('\n\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
