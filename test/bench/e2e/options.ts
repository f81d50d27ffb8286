import { parseArgs } from 'node:util';
import { isSizeName, type SizeName } from './workload/sizes.ts';
import type { Outages } from './workload/stores.ts';

export interface BenchOptions {
  readonly size: SizeName;
  readonly outages: Outages;
  readonly network: boolean;
  /** As the gateway's flag; its default where it is left out. */
  readonly readOnce: 'auto' | 'off' | undefined;
  readonly pushdown: 'auto' | 'off' | undefined;
  /** As the gateway's flag. */
  readonly threads: number | undefined;
  /** Names of rows; all where it is left out. */
  readonly rows: readonly string[] | undefined;
  /** The one row to look at with a profiler. */
  readonly profile: string | undefined;
  /** File for the result. */
  readonly out: string | undefined;
}

export const USAGE = `npm run bench:e2e -- [--size small|medium|full] [--outages|--outage] [--network] [--read-once auto|off] [--pushdown auto|off] [--threads N] [--rows NAME,…] [--out FILE]
npm run bench:e2e -- --profile ROW [--size …] [--outages] [--network] [--read-once auto|off] [--pushdown auto|off]`;

/** Reads the command line; throws an error with a sentence where it is wrong. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: 'full' },
      outages: { type: 'boolean', default: false },
      outage: { type: 'boolean', default: false },
      network: { type: 'boolean', default: false },
      'read-once': { type: 'string' },
      pushdown: { type: 'string' },
      threads: { type: 'string' },
      rows: { type: 'string' },
      profile: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { size, network, profile, out } = values;
  if (values.outages && values.outage)
    throw new Error('--outages and --outage are two workloads; take one of them');
  const outages = values.outages ? 'turns' : values.outage ? 'once' : 'none';
  const readOnce = autoOrOff('--read-once', values['read-once']);
  const pushdown = autoOrOff('--pushdown', values.pushdown);
  const threads = numberOf('--threads', values.threads);
  if (!isSizeName(size)) throw new Error(`--size is small, medium or full, not ${size}`);
  if (profile !== undefined && values.rows !== undefined)
    throw new Error('--profile takes one row itself; leave --rows out');
  if (profile !== undefined && out !== undefined)
    throw new Error('--profile measures nothing that could be written; leave --out out');
  return { size, outages, network, readOnce, pushdown, threads, rows: values.rows?.split(','), profile, out };
}

function numberOf(flag: string, value: string | undefined): number | undefined {
  if (value !== undefined && !/^\d+$/.test(value)) throw new Error(`${flag} is a number, not ${value}`);
  return value === undefined ? undefined : Number(value);
}

function autoOrOff(flag: string, value: string | undefined): 'auto' | 'off' | undefined {
  if (value !== undefined && value !== 'auto' && value !== 'off')
    throw new Error(`${flag} is auto or off, not ${value}`);
  return value;
}

/** The rows of these names, in the order of the table. A name that no row has is an error. */
export function chooseRows<R extends { readonly name: string }>(
  all: readonly R[],
  names: readonly string[] | undefined,
): readonly R[] {
  if (names === undefined) return all;
  const unknown = names.filter((wanted) => all.every(({ name }) => name !== wanted));
  if (unknown.length > 0)
    throw new Error(
      `no row is named ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`,
    );
  return all.filter(({ name }) => names.includes(name));
}
