import { Gauge, type Registry } from 'prom-client';

/** A shard as far as metrics are concerned: endpoints that replace each other. */
interface MeasuredShard {
  /** Its external labels without those of replicas, as people read them. */
  readonly name: string;
  readonly endpoints: readonly { readonly isUp: boolean }[];
}

/** Adds to the registry how many endpoints of each shard are there. A shard that is gone leaves nothing behind. */
export function createShardMetrics(registry: Registry, shards: () => readonly MeasuredShard[]): void {
  const gauge = new Gauge({
    name: 'promweave_shard_endpoints',
    help: 'Endpoints of the shard, which is told by its external labels, that are up or down. Endpoints whose labels are not known yet have no shard.',
    // Not `shard`: where servers have that as an external label, the metric would take its place.
    labelNames: ['shard_labels', 'state'],
    registers: [registry],
    collect() {
      gauge.reset();
      for (const { name, endpoints } of shards()) {
        const up = endpoints.filter(({ isUp }) => isUp).length;
        // A store of old blocks has the same labels as the servers that it follows, so the counts are added.
        gauge.inc({ shard_labels: name, state: 'up' }, up);
        gauge.inc({ shard_labels: name, state: 'down' }, endpoints.length - up);
      }
    },
  });
}
