import type { Backend, BackendFailure, RawSeries } from '../../src/backend/backend.ts';
import { NO_OPERATIONS, type Operations } from '../../src/backend/operations.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { fixedEndpoint } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { SelectRequest, SelectedSet } from '../../src/engine/series-source.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { Labels } from '../../src/model/labels.ts';
import { failed } from '../../src/model/result.ts';
import { SampleBuffer, copyColumns } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { createSelection } from '../../src/select/create-selection.ts';
import type { Selection, SelectionOptions } from '../../src/select/selection.ts';

export const NEVER: AbortSignal = new AbortController().signal;

export type Samples = readonly (readonly [t: number, v: number])[];

export const OPTIONS: SelectionOptions = {
  dedup: true,
  dedupMode: 'gap-aware',
  replicaLabels: ['__replica__'],
  partialResponse: true,
};

export const REQUEST: SelectRequest = {
  matchers: [{ kind: '=~', name: '__name__', value: '.+' }],
  minTime: 0,
  maxTime: 10_000_000,
  hints: { range: 0, func: '' },
};

export function columnsOf(samples: Samples): SampleColumns {
  const buffer = new SampleBuffer();
  for (const [t, v] of samples) buffer.push(t, v);
  return copyColumns(buffer);
}

export function columnsSeries(labels: Readonly<Record<string, string>>, samples: Samples): RawSeries {
  return { labels: labelsFromRecord(labels), data: { kind: 'columns', columns: columnsOf(samples) } };
}

/** A healthy endpoint that holds its series in memory. */
export function memoryEndpoint(
  address: string,
  externalLabels: Record<string, string>,
  series: readonly RawSeries[],
  more: Partial<Endpoint> = {},
  operations: Operations = NO_OPERATIONS,
): Endpoint {
  const labels = labelsFromRecord(externalLabels);
  const backend = createMemoryBackend({ address, externalLabels: labels, series, operations });
  return endpointOf(backend, labels, more);
}

export function endpointOf(backend: Backend, externalLabels: Labels, more: Partial<Endpoint> = {}): Endpoint {
  return fixedEndpoint(backend, externalLabels, { timeoutMs: 1000, ...more });
}

/** An endpoint whose every call ends with the failure that `fail` makes. */
export function failingEndpoint(
  address: string,
  externalLabels: Record<string, string>,
  more: Partial<Endpoint> = {},
  fail: (signal: AbortSignal) => Promise<BackendFailure> = async () => ({
    kind: 'unavailable',
    endpoint: address,
    reason: 'connection refused',
  }),
): Endpoint {
  const call = async (signal: AbortSignal) => failed(await fail(signal));
  const backend: Backend = {
    address,
    describe: call,
    select: (_, signal) => call(signal),
    series: (_, signal) => call(signal),
    labelNames: (_, signal) => call(signal),
    labelValues: (_, __, signal) => call(signal),
    operations: {
      rules: (_, signal) => call(signal),
      targets: (_, signal) => call(signal),
      metadata: (_, signal) => call(signal),
      targetMetadata: (_, signal) => call(signal),
      exemplars: (_, signal) => call(signal),
      tsdbStatistics: (_, signal) => call(signal),
    },
    close: async () => {},
  };
  return endpointOf(backend, labelsFromRecord(externalLabels), more);
}

export function selectionOf(...endpoints: readonly Endpoint[]): Selection {
  return createSelection({
    topology: () => ({ endpoints }),
    timers: SYSTEM_TIMERS,
  });
}

/** Reads everything: labels as text, and the samples. */
export function readAll(set: SelectedSet): readonly (readonly [labels: string, samples: Samples])[] {
  const buffer = new SampleBuffer();
  return set.series.map((series) => {
    series.read(buffer);
    const samples = Array.from({ length: buffer.length }, (_, i) => [buffer.t[i]!, buffer.v[i]!] as const);
    return [series.labels.join(' '), samples] as const;
  });
}

export function messages(
  annotations: readonly { readonly severity: string; readonly message: string }[],
): readonly string[] {
  return annotations.map(({ severity, message }) => `${severity}: ${message}`);
}
