import { Counter, type Registry } from 'prom-client';

/** Adds to the registry how shards of several replicas were read; the result takes a read. */
export function createReadingMetrics(registry: Registry): (reason: string) => void {
  const reads = new Counter({
    name: 'promweave_shard_reads_total',
    help:
      'Reads of samples of shards with several replicas: from one replica (once, once_but_holes, once_but_series, once_but_new, ' +
      'once_but_changed), or from all, and why (other_options, unhealthy, other_origins, unproven, unknown_scrapes, many_holes, ' +
      'many_new, not_answered).',
    labelNames: ['reading'],
    registers: [registry],
  });
  return (reading) => reads.inc({ reading });
}
