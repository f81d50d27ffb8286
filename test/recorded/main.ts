import { parseArgs } from 'node:util';
import { recordings } from '../support/recorded.ts';
import { type Difference, functionsOf, runCorpus } from './run-corpus.ts';

/**
 * `node test/recorded/main.ts [--function=rate] [--max=5]`: answers the recorded expressions, prints how many differ
 * by function, and the first ones. Exits with 1 where any differs.
 */
const { values } = parseArgs({
  options: { function: { type: 'string' }, max: { type: 'string', default: '5' } },
});

for (const recording of recordings('the expressions of Prometheus 3.14')) {
  const wanted = values.function;
  const { cases, differences } = await runCorpus(
    recording,
    ({ params }) => wanted === undefined || functionsOf(params.query).has(wanted),
  );
  console.log(`${cases - differences.length} of ${cases} answers are those of ${recording.name}`);
  for (const [name, count] of countByFunction(differences))
    console.log(`${String(count).padStart(6)} ${name}`);
  for (const { recorded, problem } of differences.slice(0, Number(values.max))) {
    console.log(`\n${recorded.path} ${JSON.stringify(recorded.params)}\n  ${problem.slice(0, 2000)}`);
  }
  if (differences.length > 0) process.exitCode = 1;
}

function countByFunction(differences: readonly Difference[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { recorded } of differences) {
    for (const name of functionsOf(recorded.params.query)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
