import { Shooter } from './measure/shoot.ts';
import { forgetPeak, heldBytes, peakBytes } from './measure/process-figures.ts';
import { chooseRows, parseOptions } from './options.ts';
import { megabytes, tableOf } from './report/table.ts';
import { pathOf, rowsOf } from './rows.ts';
import { eachRow, fleetOptions, prometheusVersion } from './run.ts';
import { SIZES } from './workload/sizes.ts';

/** `npm run bench:growth -- [--size …] [--rows …]`: each row a thousand times, and what the gateway holds meanwhile. Nothing may grow. */
const PROGRAM = 'dist/main.js';
const REPETITIONS = 1000;
const PARTS = 5;

const options = parseOptions(process.argv.slice(2));
const rows = chooseRows(rowsOf(SIZES[options.size]), options.rows);
const lines: string[][] = [];
const servers = fleetOptions(options, PROGRAM, prometheusVersion(), []);
await eachRow(options, rows, servers, async (row, { gateway: { pid, url } }) => {
  const shooter = new Shooter(url);
  const cells: string[] = [];
  for (let part = 0; part < PARTS; part++) {
    forgetPeak(pid);
    for (let shot = 0; shot < REPETITIONS / PARTS; shot++) await shooter.get(pathOf(row, shot));
    cells.push(`${megabytes(heldBytes(pid))} (${megabytes(peakBytes(pid))})`);
  }
  await shooter.close();
  lines.push([row.name, ...cells]);
});
const heads = Array.from({ length: PARTS }, (_, part) => `after ${((part + 1) * REPETITIONS) / PARTS}`);
console.log(`MB that the gateway holds, and the most that it held since the column before:\n`);
console.log(tableOf(['row', ...heads], lines));
