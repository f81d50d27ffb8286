import { COUNTED_FAMILIES } from '../model/query-family.ts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What became of one query, as far as metrics are concerned. */
export interface FinishedQuery {
  readonly family: string;
  readonly samples: number;
  readonly error: string | undefined;
  /** Losses of the answer: what may be missing from it, and what stand-ins made up for. */
  readonly missing: number;
  readonly replaced: number;
}

/** The stages of a query whose answer was sent. Times are ms of one clock. */
export interface QueryStages {
  readonly family: string;
  readonly stages: readonly { readonly stage: string; readonly began: number; readonly ended: number }[];
}

/** What becomes of queries is heard here. */
export interface QueryMetrics {
  finished(query: FinishedQuery): void;
  sent(query: QueryStages): void;
  /** It was answered with what an equal one came to. */
  joined(): void;
}

/** Requests of one kind that run, that wait for their turn, and that were refused since the start. */
interface Load {
  readonly active: number;
  readonly waiting: number;
  readonly refused: number;
}

/** Of queries, and of all else that endpoints are asked for. */
export type RequestLoad = () => { readonly queries: Load; readonly lookups: Load };

/** Adds the metrics of the engine to the registry. */
export function createQueryMetrics(registry: Registry, load: RequestLoad): QueryMetrics {
  const registers = [registry];
  const held = 'until their answer was sent';
  addLoad(registry, 'queries', 'Queries', `Queries that are evaluated, ${held}.`, () => load().queries);
  addLoad(
    registry,
    'lookups',
    'Requests for labels, series and lists',
    `Requests for labels, series and lists, ${held}.`,
    () => load().lookups,
  );
  const results = new Counter({
    name: 'promweave_queries_total',
    help: `Queries and reads of raw samples by family (${COUNTED_FAMILIES.join(', ')}) and result (success or the kind of error).`,
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
  const joined = new Counter({
    name: 'promweave_queries_joined_total',
    help: 'Queries that were answered with what an equal one came to that was under way (--query.join-equal).',
    registers,
  });
  for (const family of COUNTED_FAMILIES)
    for (const counter of [incomplete, replaced]) counter.inc({ family }, 0);
  const durations = new Histogram({
    name: 'promweave_query_duration_seconds',
    help: 'Time of queries by stage (queue, select, evaluate, send) and family, reads of queriers above (series) and explanations (explain) included.',
    labelNames: ['family', 'stage'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers,
  });
  return {
    finished({ family, samples: looked, error, missing, replaced: stoodIn }) {
      if (missing > 0) incomplete.inc({ family });
      else if (stoodIn > 0) replaced.inc({ family });
      results.inc({ family, result: error ?? 'success' });
      samples.inc(looked);
    },
    sent({ family, stages }) {
      for (const { stage, began, ended } of stages)
        durations.observe({ family, stage }, (ended - began) / 1000);
    },
    joined: () => joined.inc(),
  };
}

/** What runs, what waits, and what was refused because too many waited. */
function addLoad(
  registry: Registry,
  kind: 'queries' | 'lookups',
  what: string,
  active: string,
  load: () => Load,
): void {
  const registers = [registry];
  const running: Gauge = new Gauge({
    name: `promweave_${kind}_active`,
    help: active,
    registers,
    collect: () => running.set(load().active),
  });
  const waiting: Gauge = new Gauge({
    name: `promweave_${kind}_waiting`,
    help: `${what} that wait for their turn.`,
    registers,
    collect: () => waiting.set(load().waiting),
  });
  const refused: Counter = new Counter({
    name: `promweave_${kind}_refused_total`,
    help: `${what} that were refused because too many waited (--query.max-queued).`,
    registers,
    collect: () => {
      refused.reset();
      refused.inc(load().refused);
    },
  });
}
