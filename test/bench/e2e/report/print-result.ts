import type { Outages } from '../workload/stores.ts';
import type { BenchResult, RowResult } from './result.ts';
import { figure, megabytes, tableOf } from './table.ts';

const FORMS: Readonly<Record<Outages, string>> = {
  none: 'all replicas healthy',
  turns: 'each replica away in turn',
  once: 'one replica of each shard away once',
};

/** All rows of a run as text. */
export function textOf({ workload, machine, rows }: BenchResult): string {
  const { size, outages, network, prometheus } = workload;
  const form = `${FORMS[outages]}${network ? ', over a network' : ''}`;
  return [
    `${size}, ${form}; Prometheus ${prometheus}, Node ${machine.node}`,
    `${machine.cores} × ${machine.processor}, ${Math.round(machine.memoryBytes / 2 ** 30)} GiB; times in ms, medians`,
    '',
    tableOf(
      [
        'row',
        'pairs',
        'direct',
        'gateway',
        '× direct',
        'min direct',
        'min gateway',
        'CPU direct',
        'CPU gateway',
        'CPU backends',
        'MB read',
        'peak MB',
        'worst /-/healthy',
      ],
      rows.map(cellsOf),
    ),
    ...stageLines(rows),
  ].join('\n');
}

function cellsOf(row: RowResult): readonly string[] {
  return [
    row.name,
    String(row.pairs),
    figure(row.direct.median),
    figure(row.gateway.median),
    figure(row.ratio),
    figure(row.direct.min),
    figure(row.gateway.min),
    figure(row.cpuMs.direct),
    figure(row.cpuMs.gateway),
    figure(row.cpuMs.backends),
    megabytes(row.bytesRead),
    megabytes(row.peakBytes),
    row.healthyMs.gateway === 0 ? '' : figure(row.healthyMs.gateway),
  ];
}

/** What the gateway says of its stages, one line a row. */
function stageLines(rows: readonly RowResult[]): readonly string[] {
  const lines = rows
    .filter(({ stages }) => Object.keys(stages).length > 0)
    .map(({ name, stages }) => {
      const parts = Object.entries(stages).map(([stage, ms]) => `${stage} ${figure(ms)}`);
      return `${name}: ${parts.join(', ')}`;
    });
  return lines.length === 0 ? [] : ['', 'Stages of the gateway, ms:', ...lines];
}
