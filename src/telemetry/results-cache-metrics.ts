import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface ResultsEvent {
  readonly outcome: string;
  readonly keptSteps: number;
  readonly sharedSteps: number;
  readonly evaluatedSteps: number;
  readonly ageMs?: number | undefined;
}

/** s; results live for an hour, unless that is set otherwise. */
const AGES = [15, 60, 300, 900, 1800, 3600, 14_400, 86_400];

/** Adds what is kept of results to the registry. What is called with each range query that results are kept for counts it. */
export function createResultsCacheMetrics(
  registry: Registry,
  keptBytes: () => number,
): (event: ResultsEvent) => void {
  const requests = new Counter({
    name: 'promweave_results_cache_requests_total',
    help: 'Range queries while results are kept (--query.results-cache.size), and how much of their results was: hit, part, miss, around for requests that wanted none, or unfit where the results depend on more than samples or the samples are too young.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const steps = new Counter({
    name: 'promweave_results_cache_steps_total',
    help: 'Steps of range queries while results are kept, and whether they were kept here, came from the shared cache, or were evaluated.',
    labelNames: ['from'],
    registers: [registry],
  });
  const ages = new Histogram({
    name: 'promweave_results_cache_age_seconds',
    help: 'How long ago the oldest of the kept steps in the answer of a range query was evaluated.',
    buckets: AGES,
    registers: [registry],
  });
  const bytes: Gauge = new Gauge({
    name: 'promweave_results_cache_bytes',
    help: 'Memory of the results that are kept, about.',
    registers: [registry],
    collect: () => bytes.set(keptBytes()),
  });
  return ({ outcome, keptSteps, sharedSteps, evaluatedSteps, ageMs }) => {
    requests.inc({ outcome });
    if (ageMs !== undefined) ages.observe(ageMs / 1000);
    if (keptSteps > sharedSteps) steps.inc({ from: 'kept' }, keptSteps - sharedSteps);
    if (sharedSteps > 0) steps.inc({ from: 'shared' }, sharedSteps);
    if (evaluatedSteps > 0) steps.inc({ from: 'evaluated' }, evaluatedSteps);
  };
}
