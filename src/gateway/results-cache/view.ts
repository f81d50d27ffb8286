import { createHash } from 'node:crypto';
import type { Topology } from '../../cluster/topology.ts';
import type { AwayEndpoints } from './may-be-kept.ts';

/** What results depend on of the endpoints, beside their samples. */
export interface View {
  /** Equal where the same endpoints with the same labels are there, and the same ones away. */
  readonly key: string;
  readonly away: AwayEndpoints;
  /** By how much the clock of the endpoint that is most behind is behind ours, ms; 0 where none is known to be. */
  readonly behindMs: number;
}

const VIEWS = new WeakMap<Topology, View>();

/** Made once for each topology. */
export function viewOf(topology: Topology): View {
  const known = VIEWS.get(topology);
  if (known !== undefined) return known;
  const facts: string[] = [];
  const away = new Set<string>();
  let behindMs = 0;
  for (const {
    id,
    spec,
    externalLabels,
    labelSets,
    health,
    window,
    replication,
    protocol,
    ...more
  } of topology.endpoints) {
    if (health.kind !== 'up') away.add(id);
    behindMs = Math.max(behindMs, -(more.clockOffsetMs ?? 0));
    facts.push(
      JSON.stringify([id, spec, externalLabels, labelSets, health.kind, window, replication, protocol]),
    );
  }
  // Other gateways may have found the same endpoints in another order.
  const hash = createHash('sha256').update(facts.toSorted().join('\n'));
  const view = { key: hash.digest('base64'), away, behindMs };
  VIEWS.set(topology, view);
  return view;
}
