import { readFileSync } from 'node:fs';
import type { Stages } from '../measure/stages.ts';
import type { SizeName } from '../workload/sizes.ts';
import type { Outages } from '../workload/stores.ts';

/** What a run measured, as it is written to a file. Times in ms. */
export interface BenchResult {
  /** Of this form; a file of another one is refused. */
  readonly form: typeof FORM;
  readonly workload: Workload;
  readonly machine: Machine;
  readonly rows: readonly RowResult[];
}

/** Results are comparable only where all of it is the same. */
export interface Workload {
  readonly size: SizeName;
  readonly outages: Outages;
  readonly network: boolean;
  /** Of the data. */
  readonly version: string;
  readonly prometheus: string;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
}

export interface RowResult {
  readonly name: string;
  readonly query: string;
  /** Number of shots at each of the two. */
  readonly pairs: number;
  readonly direct: Spread;
  readonly gateway: Spread;
  /** Median of the gateway divided by that of the direct server. */
  readonly ratio: number;
  /** CPU of one shot; of a row with a stream of requests, of one request. */
  readonly cpuMs: { readonly gateway: number; readonly backends: number; readonly direct: number };
  /** Bytes that the gateway read for one shot. */
  readonly bytesRead: number;
  /** The most memory that the gateway held while the row was measured. */
  readonly peakBytes: number;
  /** The longest that `/-/healthy` took meanwhile; 0 where it was not asked. */
  readonly healthyMs: { readonly direct: number; readonly gateway: number };
  /** Medians of what the gateway says of its stages; empty where it says nothing. */
  readonly stages: Stages;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
}

export const FORM = 1;

export function readResult(file: string): BenchResult {
  const result = JSON.parse(readFileSync(file, 'utf8')) as BenchResult;
  if (result.form !== FORM) throw new Error(`${file} is no result of this version of the benchmark`);
  return result;
}
