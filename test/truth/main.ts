import type { Measured, Point } from './compare.ts';
import type { Bounds, Figure } from './figures.ts';
import { byDedupe, byMode, GRID, measure, type Merge } from './measure.ts';
import { measureOnce, VARIANTS } from './read-once.ts';
import { outagesWithin } from './outages.ts';
import { bySketch } from './sketch.ts';
import { FULL_SIZE, INTERVAL_MS, MEASURED_SEEDS, START_MS } from './workload.ts';

/**
 * `npm run truth [seed …]`: measures the figures on the full workload, prints the table with the worst points and the
 * outages near them, and below each figure what the other ways to merge give. Then it reads servers of other numbers and intervals
 * through the selection, one replica alone where that is proven, and all. Fails where a bound is missed or the two differ.
 */
const OTHERS: Readonly<Record<string, Merge>> = {
  'mode chain': byMode('chain'),
  'mode penalty': byMode('penalty'),
  'replica a, holes filled': bySketch,
};

const seeds = process.argv.slice(2).map(seedOf);
for (const seed of seeds.length > 0 ? seeds : MEASURED_SEEDS) {
  const [table, ...others] = measure(seed, FULL_SIZE, [byDedupe, ...Object.values(OTHERS)]);
  console.log(`seed ${seed}: mean error | points off by more than 1 % | worst point (bounds in brackets)`);
  for (const [i, line] of table!.entries()) {
    console.log(row(line));
    for (const [j, name] of Object.keys(OTHERS).entries())
      console.log(`       ${name}: ${cells(others[j]![i]!.found)}`);
    for (const point of line.worst) console.log(cause(line.figure, point));
  }
  if (table!.some(({ met }) => !met)) process.exitCode = 1;
}

for (const variant of VARIANTS) {
  const { once, inFull, spoken, reads } = await measureOnce(variant);
  const { name, intervalMs } = variant;
  console.log(
    `${name}, every ${intervalMs / 1000} s: ${spoken} of ${reads} reads from one replica, and from all of them`,
  );
  for (const [i, { figure, found }] of once.entries()) {
    const all = inFull[i]!.found;
    const isSame = cells(found) === cells(all);
    if (!isSame) process.exitCode = 1;
    console.log(
      `${isSame ? 'same  ' : 'OTHER '} ${figure.query}: ${cells(found)}${isSame ? '' : ` and ${cells(all)}`}`,
    );
  }
}

function seedOf(text: string): number {
  if (!/^\d{1,6}$/.test(text))
    throw new RangeError(`a seed is a whole number of up to six digits, not ${text}`);
  return Number(text);
}

function row({ figure, points, found, met }: Measured): string {
  const bounds = figure.bounds === undefined ? '' : `  (${cells(figure.bounds)})`;
  return `${met ? 'ok    ' : 'MISSED'} ${figure.query}\n       ${points} points: ${cells(found)}${bounds}`;
}

/** One point with its time in minutes from the start, and the outages that its window touches. */
function cause({ by, range }: Figure, { group, step, value, truth, error }: Point): string {
  const time = GRID.start + step * GRID.step - START_MS;
  const near = outagesWithin(time - range, time, INTERVAL_MS, by === 'job' ? group : '');
  const where = `${(time / 60_000).toFixed(2)} min${group === '' ? '' : ` ${group}`}`;
  const values = `${value.toPrecision(7)}, truly ${truth.toPrecision(7)} (${(100 * error).toFixed(2)} %)`;
  return `         ${where}: ${values}; ${near.join('; ') || 'no outage near'}`;
}

function cells({ meanPercent, pointsOff, worstPercent }: Bounds): string {
  return `${meanPercent.toFixed(4)} % | ${pointsOff} | ${worstPercent.toFixed(2)} %`;
}
