import type { Backend } from '../backend/backend.ts';
import type { Labels } from '../model/labels.ts';
import type { Endpoint } from './topology.ts';

/** An endpoint in this process: up without being asked, and with labels that stay; `more` says what is different. */
export function fixedEndpoint(
  backend: Backend,
  externalLabels: Labels,
  more: Partial<Endpoint> = {},
): Endpoint {
  return {
    backend,
    address: backend.address,
    externalLabels,
    ownLabels: new Set(),
    health: { kind: 'up' },
    protocol: 'memory',
    version: '',
    minTime: -Infinity,
    maxTime: Infinity,
    answeredAt: 0,
    timeoutMs: 120_000,
    replication: 'auto',
    covered: new Map(),
    ...more,
  };
}
