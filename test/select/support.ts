import type { Backend } from '../../src/backend/backend.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import type { BackendFailure } from '../../src/model/loss.ts';
import { NO_LISTS, type ListCalls } from '../../src/backend/list-calls.ts';
import type { OriginCalls } from '../../src/backend/series-origins.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { type EndpointId, endpointId } from '../../src/cluster/endpoint-id.ts';
import { fixedEndpoint, fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { SelectRequest, SelectedSet } from '../../src/engine/series-source.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { Labels } from '../../src/model/labels.ts';
import { failed } from '../../src/model/result.ts';
import { SampleBuffer, copyColumns } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { createSelection } from '../../src/select/create-selection.ts';
import type { Selection } from '../../src/select/selection.ts';
import { openScope, type ReadWishes, type ServerDefaults } from '../../src/gateway/request-scope.ts';
import type { Annotation } from '../../src/model/annotations.ts';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { grantOf, originOf } from '../support/open-requests.ts';
import { told } from '../support/scopes.ts';

export const NEVER: AbortSignal = new AbortController().signal;

export type Samples = readonly (readonly [t: number, v: number])[];

const DEFAULTS: ServerDefaults = {
  dedup: true,
  dedupMode: 'gap-aware',
  replicaLabels: ['__replica__'],
  partialResponse: true,
};

/** A request with these wishes, as a gateway begins it. */
export function scopeOf(wishes: ReadWishes = {}, signal: AbortSignal = NEVER): RequestScope {
  return openScope(grantOf(DEFAULTS), wishes, originOf(signal));
}

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
  lists: ListCalls = NO_LISTS,
  origins?: OriginCalls,
): Endpoint {
  const labels = labelsFromRecord(externalLabels);
  const backend = createMemoryBackend({ address, externalLabels: labels, series, lists, origins });
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
    select: ({ signal }) => call(signal),
    series: ({ signal }) => call(signal),
    labelNames: ({ signal }) => call(signal),
    labelValues: ({ signal }) => call(signal),
    lists: {
      rules: ({ signal }) => call(signal),
      targets: ({ signal }) => call(signal),
      alertmanagers: ({ signal }) => call(signal),
      metadata: ({ signal }) => call(signal),
      targetMetadata: ({ signal }) => call(signal),
      exemplars: ({ signal }) => call(signal),
      tsdbStatistics: ({ signal }) => call(signal),
    },
    close: async () => {},
  };
  return endpointOf(backend, labelsFromRecord(externalLabels), more);
}

/** For an endpoint whose targets another one scrapes as well, in whole or in part. */
export function coveredBy(
  address: string,
  fraction = 1,
): { readonly covered: ReadonlyMap<EndpointId, number> } {
  return { covered: new Map([[endpointId(address), fraction]]) };
}

export function selectionOf(...endpoints: readonly Endpoint[]): Selection {
  const topology = fixedTopology(endpoints);
  return createSelection({
    topology: () => topology,
    timers: SYSTEM_TIMERS,
  });
}

/** Reads everything: labels as text, and the samples. */
export function readAll(set: SelectedSet): readonly (readonly [labels: string, samples: Samples])[] {
  const buffer = new SampleBuffer();
  return Array.from(set.series, (series) => {
    series.read(buffer);
    const samples = Array.from({ length: buffer.length }, (_, i) => [buffer.t[i]!, buffer.v[i]!] as const);
    return [series.labels.join(' '), samples] as const;
  });
}

export function messages(annotations: readonly Annotation[]): readonly string[] {
  return told(annotations).map(({ severity, message }) => `${severity}: ${message}`);
}
