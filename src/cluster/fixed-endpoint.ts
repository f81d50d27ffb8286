import type { Backend } from '../backend/backend.ts';
import type { Labels } from '../model/labels.ts';
import { endpointId } from './endpoint-id.ts';
import type { Endpoint, Topology } from './topology.ts';

/** An endpoint in this process: up without being asked, and with labels that stay; `more` says what is different. */
export function fixedEndpoint(
  backend: Backend,
  externalLabels: Labels,
  more: Partial<Endpoint> = {},
): Endpoint {
  return {
    id: endpointId(backend.address),
    backend,
    address: backend.address,
    externalLabels,
    ownLabels: new Set(),
    health: { kind: 'up' },
    protocol: 'memory',
    version: '',
    minTime: -Infinity,
    maxTime: Infinity,
    timeoutMs: 120_000,
    replication: 'auto',
    hasTooManyTargets: false,
    covered: new Map(),
    ...more,
  };
}

/** A topology that stays as it is. */
export function fixedTopology(endpoints: readonly Endpoint[]): Topology {
  return { generation: 1, endpoints };
}
