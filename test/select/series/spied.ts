import assert from 'node:assert/strict';
import type { BackendSelect } from '../../../src/backend/backend.ts';
import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { SelectRequest } from '../../../src/engine/series-source.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Selection } from '../../../src/select/selection.ts';
import { NEVER, columnsSeries, endpointOf, readAll, scopeOf, type Samples } from '../support.ts';

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** Samples of four days, of which some may be missing; ms. */
export function scrapes(
  interval: number,
  phase: number,
  away?: readonly [from: number, to: number],
): Samples {
  const all = Array.from({ length: Math.floor((4 * DAY) / interval) }, (_, i) => phase + i * interval);
  return all.filter((t) => away === undefined || t < away[0] || t >= away[1]).map((t) => [t, t] as const);
}

/** Selects a metric. */
export function request(minTime: number, maxTime: number, name = 'g'): SelectRequest {
  return {
    matchers: [{ kind: '=', name: '__name__', value: name }],
    minTime,
    maxTime,
    hints: { range: 0, func: '' },
  };
}

/** An endpoint in memory that notes what it was asked for. */
export function spied(
  address: string,
  labels: Record<string, string>,
  ...series: Parameters<typeof columnsSeries>[]
): { readonly endpoint: Endpoint; readonly asked: BackendSelect[] } {
  const asked: BackendSelect[] = [];
  const externalLabels = labelsFromRecord(labels);
  const backend = createMemoryBackend({
    address,
    externalLabels,
    series: series.map(([own, samples]) => columnsSeries(own, samples)),
  });
  const select = backend.select.bind(backend);
  backend.select = (scope, wanted) => {
    asked.push(wanted);
    return select(scope, wanted);
  };
  const endpoint: Endpoint = endpointOf(backend, externalLabels);
  return { endpoint, asked };
}

/** When the one series that is selected has samples in the range, ms. */
export async function times(selection: Selection, wanted: SelectRequest): Promise<readonly number[]> {
  const set = await selection.source(scopeOf()).select(wanted, NEVER);
  const [series, ...others] = readAll(set);
  assert.deepEqual(others, []);
  return (series?.[1] ?? []).map(([t]) => t).filter((t) => t >= wanted.minTime && t <= wanted.maxTime);
}
