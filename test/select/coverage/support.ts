import { CoverageIndex } from '../../../src/cluster/coverage/coverage-index.ts';
import { PIECE_MS } from '../../../src/cluster/coverage/piece.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { NEVER_LATE } from '../../../src/model/lateness.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createReadUp } from '../../../src/select/coverage/read-up.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { columnsOf, memoryEndpoint, columnsSeries, type Samples } from '../support.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';

export const INTERVAL = 15_000;
export const MINUTE = 60_000;
/** A time at which a piece begins. */
export const START: number = 250_000 * PIECE_MS;

/** Successful scrapes from one minute after the start to another, but for some stretches of minutes. */
export function scraped(from: number, to: number, ...holes: readonly (readonly [number, number])[]): Samples {
  const samples: (readonly [number, number])[] = [];
  for (let t = START + from * MINUTE; t < START + to * MINUTE; t += INTERVAL) {
    const minute = (t - START) / MINUTE;
    if (!holes.some(([first, last]) => minute >= first && minute < last)) samples.push([t, 1]);
  }
  return samples;
}

/** A replica of the shard `eu` whose targets, by instance, were scraped at these times. */
export function replicaOf(
  name: string,
  targets: Readonly<Record<string, Samples>>,
  form: 'chunks' | 'columns' = 'chunks',
  more: Partial<Endpoint> = {},
): Endpoint {
  const external = { cluster: 'eu', __replica__: name };
  const series = Object.entries(targets).map(([instance, samples]): RawSeries => {
    const labels = { __name__: 'up', instance, job: 'api', ...external };
    if (form === 'columns') return columnsSeries(labels, samples);
    return {
      labels: labelsFromRecord(labels),
      data: { kind: 'chunks', chunks: encodeColumns(columnsOf(samples)) },
    };
  });
  return memoryEndpoint(`${name}:1`, external, series, more);
}

/** An index that reads endpoints by itself, with its clock so many minutes after the start. */
export function indexAt(
  minute: number,
  onProblem: (endpoint: Endpoint, problem: string) => void = () => undefined,
): {
  readonly index: CoverageIndex;
  readonly clock: { at: number; readonly now: () => number; readonly monotonic: () => number };
} {
  const clock = { at: START + minute * MINUTE, now: () => clock.at, monotonic: () => clock.at };
  const read = createReadUp(SYSTEM_TIMERS, NEVER_LATE);
  return { index: new CoverageIndex({ replicaLabels: ['__replica__'], read, clock, onProblem }), clock };
}
