import { parseArgs } from 'node:util';
import { messageOf } from '../../src/model/errors.ts';
import { type FileReport, runFile } from './run-file.ts';
import { ownScripts, sharedScripts } from './script-files.ts';

/**
 * `npm run promqltest -- [--verbose] [--max=N] [FILE…]`: runs PromQL test scripts, all known ones where none is named,
 * and prints a table. Exits with 1 where anything failed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false }, max: { type: 'string', default: '10' } },
});

const files =
  positionals.length > 0
    ? positionals
    : [...ownScripts(), ...(sharedScripts("Prometheus' own scripts") ?? [])];
const reports: FileReport[] = [];
let broken = 0;
for (const file of files) {
  try {
    const report = await runFile(file);
    reports.push(report);
    console.log(row(report.name, report.passed, report.failures.length, report.notYet));
    if (values.verbose) printFailures(report, Number(values.max));
  } catch (thrown) {
    broken++;
    console.log(`${file}: ${messageOf(thrown)}`);
  }
}
const total = (count: (report: FileReport) => number): number =>
  reports.reduce((sum, report) => sum + count(report), 0);
const failed = total(({ failures }) => failures.length);
console.log(
  row(
    'all',
    total(({ passed }) => passed),
    failed,
    total(({ notYet }) => notYet),
  ),
);
process.exitCode = failed + broken > 0 ? 1 : 0;

function row(name: string, passed: number, failed: number, notYet: number): string {
  const cell = (count: number, what: string): string => `${String(count).padStart(5)} ${what}`;
  return `${name.padEnd(30)}${cell(passed, 'passed')}${cell(failed, 'failed')}${cell(notYet, 'not yet')}`;
}

function printFailures({ failures }: FileReport, max: number): void {
  for (const { line, expr, problem } of failures.slice(0, max))
    console.log(`  line ${line}: ${expr}\n    ${problem}`);
  if (failures.length > max) console.log(`  … and ${failures.length - max} more`);
}
