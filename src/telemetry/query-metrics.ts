import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What became of one query, as far as metrics are concerned. Durations in ms. */
export interface FinishedQuery {
  readonly family: string;
  readonly queuedMs: number;
  readonly totalMs: number;
  readonly samples: number;
  readonly error: string | undefined;
  /** Losses of the answer: what may be missing from it, and what stand-ins made up for. */
  readonly missing: number;
  readonly replaced: number;
}

/** Queries that run and that wait for their turn. */
export type QueryLoad = () => { readonly active: number; readonly waiting: number };

/** Adds the metrics of the engine to the registry; the result takes finished queries. */
export function createQueryMetrics(registry: Registry, load: QueryLoad): (query: FinishedQuery) => void {
  const registers = [registry];
  gaugeOf(registry, 'promweave_queries_active', 'Queries that are being evaluated.', () => load().active);
  gaugeOf(registry, 'promweave_queries_waiting', 'Queries that wait for their turn.', () => load().waiting);
  const results = new Counter({
    name: 'promweave_queries_total',
    help: 'Queries by family (instant, range) and result (success or the kind of error).',
    labelNames: ['family', 'result'],
    registers,
  });
  const samples = new Counter({
    name: 'promweave_query_samples_total',
    help: 'Samples that queries looked at, summed over their steps.',
    registers,
  });
  const incomplete = new Counter({
    name: 'promweave_queries_incomplete_total',
    help: 'Queries answered although something may be missing: a shard, a replica without a stand-in, samples.',
    labelNames: ['family'],
    registers,
  });
  const replaced = new Counter({
    name: 'promweave_queries_replaced_total',
    help: 'Queries answered whole although an endpoint was lost, because stand-ins had all that it has.',
    labelNames: ['family'],
    registers,
  });
  for (const family of ['instant', 'range'])
    for (const counter of [incomplete, replaced]) counter.inc({ family }, 0);
  const durations = new Histogram({
    name: 'promweave_query_duration_seconds',
    help: 'Time of queries: in the queue, and in evaluation, which includes reading the backends.',
    labelNames: ['family', 'phase'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers,
  });
  return ({ family, queuedMs, totalMs, samples: looked, error, missing, replaced: stoodIn }) => {
    if (missing > 0) incomplete.inc({ family });
    else if (stoodIn > 0) replaced.inc({ family });
    results.inc({ family, result: error ?? 'success' });
    samples.inc(looked);
    durations.observe({ family, phase: 'queue' }, queuedMs / 1000);
    durations.observe({ family, phase: 'evaluation' }, (totalMs - queuedMs) / 1000);
  };
}

function gaugeOf(registry: Registry, name: string, help: string, read: () => number): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      gauge.set(read());
    },
  });
}
