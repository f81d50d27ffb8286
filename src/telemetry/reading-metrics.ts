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

/** Adds to the registry what became of parts of aggregations that shards might have computed; the result takes one. */
export function createPushMetrics(registry: Registry): (outcome: string) => void {
  const parts = new Counter({
    name: 'promweave_pushdown_total',
    help:
      'Selectors of shards whose aggregation the server might have computed: it did (pushed), or the samples were read, and why ' +
      '(tenant, other_options, labels, server, disjoint, unhealthy, unproven, small, lately, failed, not_plain, not_whole, changed).',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return (outcome) => parts.inc({ outcome });
}

/** Adds to the registry how many reads joined an equal one; the result counts one. */
export function createJoinedReadMetrics(registry: Registry): () => void {
  const joined = new Counter({
    name: 'promweave_reads_joined_total',
    help: 'Reads of samples of an endpoint that had what an equal one came to that was under way.',
    registers: [registry],
  });
  return () => joined.inc();
}
