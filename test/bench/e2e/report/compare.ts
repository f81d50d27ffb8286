import type { BenchResult, RowResult } from './result.ts';
import { figure, megabytes, tableOf } from './table.ts';

/** Two runs as a table of ratios. Runs of other workloads, or with other rows, are refused. */
export function compare(a: BenchResult, b: BenchResult): string {
  for (const key of ['size', 'outages', 'network', 'version', 'prometheus'] as const) {
    if (a.workload[key] !== b.workload[key])
      throw new Error(
        `the runs have different workloads: ${key} is ${a.workload[key]} in the first and ${b.workload[key]} in the second`,
      );
  }
  const [lackedByB, lackedByA] = [lacking(a.rows, b.rows), lacking(b.rows, a.rows)];
  if (lackedByB.length > 0) throw new Error(`the second run has no rows ${lackedByB.join(', ')}`);
  if (lackedByA.length > 0) throw new Error(`the first run has no rows ${lackedByA.join(', ')}`);
  return tableOf(
    [
      'row',
      '× direct A',
      '× direct B',
      'B / A',
      'CPU A',
      'CPU B',
      'CPU B / A',
      'MB read B / A',
      'peak MB A',
      'B',
    ],
    a.rows.map((row) =>
      cellsOf(
        row,
        b.rows.find(({ name }) => name === row.name)!,
      ),
    ),
  );
}

function lacking(rows: readonly RowResult[], others: readonly RowResult[]): readonly string[] {
  return rows.map(({ name }) => name).filter((name) => others.every((other) => other.name !== name));
}

function cellsOf(a: RowResult, b: RowResult): readonly string[] {
  return [
    a.name,
    figure(a.ratio),
    figure(b.ratio),
    figure(b.ratio / a.ratio),
    figure(a.cpuMs.gateway),
    figure(b.cpuMs.gateway),
    figure(b.cpuMs.gateway / a.cpuMs.gateway),
    figure(b.bytesRead / a.bytesRead),
    megabytes(a.peakBytes),
    megabytes(b.peakBytes),
  ];
}
