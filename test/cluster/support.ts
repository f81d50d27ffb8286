import type { RawSeries } from '../../src/model/raw-data.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { type EndpointId, endpointId } from '../../src/cluster/endpoint-id.ts';
import type { EndpointSpec } from '../../src/cluster/endpoint-spec.ts';
import { EndpointRegistry, type RegistryOptions } from '../../src/cluster/registry.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { failingBackend, type Fault } from '../support/failing-backend.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { columnsSeries } from '../select/support.ts';

export const NOW = 1_000_000;

export function upSeries(...instances: readonly string[]): readonly RawSeries[] {
  return instances.map((instance) => columnsSeries({ __name__: 'up', instance }, [[NOW - 1000, 1]]));
}

/** A spec over a backend in memory; `closed` hears of backends that are closed, by address. */
export function specOf(
  address: string,
  labels: Record<string, string> = {},
  series: readonly RawSeries[] = [],
  fault: Fault = {},
  more: Partial<EndpointSpec> & { readonly closed?: string[] } = {},
): EndpointSpec {
  const { closed = [], ...spec } = more;
  return {
    address,
    replication: 'auto',
    timeoutMs: 1000,
    fingerprint: address,
    server: address,
    createBackend: () => {
      const backend = createMemoryBackend({ address, externalLabels: labelsFromRecord(labels), series });
      return Object.assign(failingBackend(backend, fault), { close: async () => void closed.push(address) });
    },
    ...spec,
  };
}

/** Wanted by their addresses. */
export function wantedOf(...specs: readonly EndpointSpec[]): ReadonlyMap<EndpointId, EndpointSpec> {
  return new Map(specs.map((spec) => [endpointId(spec.address), spec]));
}

export function registryOf(
  timers: ManualTimers = new ManualTimers(),
  more: Partial<RegistryOptions> = {},
): EndpointRegistry {
  return new EndpointRegistry({
    replicaLabels: ['__replica__'],
    refreshIntervalMs: 30_000,
    longestRequestMs: 0,
    clock: { now: () => NOW, monotonic: () => 0 },
    timers,
    ...more,
  });
}

/** Ids and health of the topology. */
export function shown(registry: EndpointRegistry): string {
  return registry
    .topology()
    .endpoints.map(({ id, health }) => `${id} ${health.kind}`)
    .join(', ');
}

/** Lets what was started run until it waits for a timer or an answer. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
