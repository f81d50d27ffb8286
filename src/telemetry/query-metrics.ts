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

/** Requests of one kind that run, that wait for their turn, and that were refused since the start. */
interface Load {
  readonly active: number;
  readonly waiting: number;
  readonly refused: number;
}

/** Of queries, and of all else that endpoints are asked for. */
export type RequestLoad = () => { readonly queries: Load; readonly lookups: Load };

/** Adds the metrics of the engine to the registry; the result takes finished queries. */
export function createQueryMetrics(registry: Registry, load: RequestLoad): (query: FinishedQuery) => void {
  const registers = [registry];
  const held = 'until their answer was sent';
  addLoad(registry, 'queries', `Queries that are evaluated, ${held}.`, () => load().queries);
  addLoad(registry, 'lookups', `Requests for labels, series and lists, ${held}.`, () => load().lookups);
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

/** What runs, what waits, and what was refused because too many waited. */
function addLoad(registry: Registry, kind: 'queries' | 'lookups', active: string, load: () => Load): void {
  const registers = [registry];
  const running: Gauge = new Gauge({
    name: `promweave_${kind}_active`,
    help: active,
    registers,
    collect: () => running.set(load().active),
  });
  const waiting: Gauge = new Gauge({
    name: `promweave_${kind}_waiting`,
    help: 'Those of them that wait for their turn.',
    registers,
    collect: () => waiting.set(load().waiting),
  });
  const refused: Counter = new Counter({
    name: `promweave_${kind}_refused_total`,
    help: 'Those of them that were refused because too many waited (--query.max-queued).',
    registers,
    collect: () => {
      refused.reset();
      refused.inc(load().refused);
    },
  });
}
