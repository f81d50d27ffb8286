import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { measureRow } from './measure/measure-row.ts';
import type { Tolerance } from './measure/same-answer.ts';
import type { BenchOptions } from './options.ts';
import { chooseRows } from './options.ts';
import { FORM, type BenchResult, type Machine, type RowResult } from './report/result.ts';
import { rowsOf, type Row } from './rows.ts';
import { startFleet, type FleetOptions, type RunningFleet } from './servers/fleet.ts';
import { workloadVersion } from './workload/kept-store.ts';
import { SIZES, type SizeName } from './workload/sizes.ts';
import { pairsFleet, wideFleet, type Fleet, type Outages } from './workload/stores.ts';

/** Least number of pairs of shots at a row, and how long to go on to take more, ms. */
const EFFORT: Readonly<Record<SizeName, { readonly pairs: number; readonly rowTime: number }>> = {
  small: { pairs: 2, rowTime: 0 },
  medium: { pairs: 3, rowTime: 4000 },
  full: { pairs: 3, rowTime: 8000 },
};

/** Sums may be added up in another order. */
const EXACT: Tolerance = { values: 1e-9, percentOff: 0 };
/** Where a replica is away, another one's samples are a few seconds older or newer than those of the direct server. */
const WITH_OUTAGES: Tolerance = { values: 0.02, percentOff: 1 };

/** Measures the rows, one fleet after the other, with the gateway of `program`. */
export async function runBench(options: BenchOptions, program: string): Promise<BenchResult> {
  const rows = chooseRows(rowsOf(SIZES[options.size]), options.rows);
  const prometheus = prometheusVersion();
  const results: RowResult[] = [];
  await eachRow(options, rows, fleetOptions(options, program, prometheus, []), async (row, running) => {
    console.error(`measuring ${row.name} …`);
    const tolerance = toleranceOf(row, options.outages, prometheus);
    results.push(await measureRow(row, running, { ...EFFORT[options.size], tolerance }));
  });
  const { outages, network } = options;
  return {
    form: FORM,
    workload: { size: options.size, outages, network, version: workloadVersion(), prometheus },
    machine: machine(),
    rows: results,
  };
}

/** Does something for each row while the servers run that it is about, one fleet after the other. */
export async function eachRow(
  options: BenchOptions,
  rows: readonly Row[],
  servers: FleetOptions,
  visit: (row: Row, running: RunningFleet) => Promise<void>,
): Promise<void> {
  for (const fleet of fleetsOf(options)) {
    const ofFleet = rows.filter((row) => row.fleet === fleet.name);
    if (ofFleet.length === 0) continue;
    const running = await startFleet(fleet, servers);
    try {
      for (const row of ofFleet) await visit(row, running);
    } finally {
      await running.stop();
    }
  }
}

export function fleetsOf({ size, outages }: BenchOptions): readonly Fleet[] {
  return [pairsFleet(SIZES[size], outages), wideFleet(SIZES[size], outages)];
}

export function fleetOptions(
  { size, network, readOnce, pushdown, threads }: BenchOptions,
  program: string,
  server: string,
  execArgv: readonly string[],
): FleetOptions {
  const flags = [
    ...(readOnce === undefined ? [] : [`--query.read-once=${readOnce}`]),
    ...(pushdown === undefined ? [] : [`--query.pushdown=${pushdown}`]),
    ...(threads === undefined ? [] : [`--query.threads=${threads}`]),
  ];
  return { size, network, program, server, execArgv, flags };
}

function toleranceOf(row: Row, outages: Outages, prometheus: string): Tolerance {
  const { values, percentOff } = outages === 'none' ? EXACT : WITH_OUTAGES;
  return { values: prometheus.startsWith('2.') ? Math.max(values, row.before3) : values, percentOff };
}

/** `3.14.0`. */
export function prometheusVersion(): string {
  const binary = process.env['PROMETHEUS_BIN'] ?? '/usr/bin/prometheus';
  const text = execFileSync(binary, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const version = /version (\d+\.\d+\.\d+)/.exec(text)?.[1];
  if (version === undefined) throw new Error(`${binary} --version tells no version: ${text}`);
  return version;
}

function machine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown processor',
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.versions.node,
  };
}
