import { byDedupe, measure } from './measure.ts';
import type { Measured } from './compare.ts';
import type { Bounds } from './figures.ts';
import { FULL_SIZE, MEASURED_SEED } from './workload.ts';

/** `npm run truth [seed]`: measures the figures on the full workload, prints the table, fails where a bound is missed. */
const seed = Number(process.argv[2] ?? MEASURED_SEED);
const table = measure(seed, FULL_SIZE, byDedupe);
console.log(`seed ${seed}: mean error | points off by more than 1 % | worst point (bounds in brackets)`);
for (const line of table) console.log(row(line));
if (table.some(({ met }) => !met)) process.exitCode = 1;

function row({ figure, points, found, met }: Measured): string {
  const query = figure.query.padEnd(46);
  const bounds = figure.bounds === undefined ? '' : `  (${cells(figure.bounds)})`;
  return `${met ? 'ok    ' : 'MISSED'} ${query} ${String(points).padStart(5)} points  ${cells(found)}${bounds}`;
}

function cells({ meanPercent, pointsOff, worstPercent }: Bounds): string {
  return `${meanPercent.toFixed(4)} % | ${pointsOff} | ${worstPercent.toFixed(2)} %`;
}
