import { Counter, Gauge, type Registry } from 'prom-client';

/** Adds what is kept of lists to the registry. What is called with each list that may be kept counts it. */
export function createListCacheMetrics(
  registry: Registry,
  keptBytes: () => number,
): (list: string, outcome: string) => void {
  const requests = new Counter({
    name: 'promweave_list_cache_requests_total',
    help: 'Lists that were asked for while lists are kept (--query.metadata.cache-duration), and whether one that was kept answered: hit, miss, or around for requests with Cache-Control: no-cache.',
    labelNames: ['list', 'outcome'],
    registers: [registry],
  });
  const bytes: Gauge = new Gauge({
    name: 'promweave_list_cache_bytes',
    help: 'Memory of the lists that are kept, about.',
    registers: [registry],
    collect: () => bytes.set(keptBytes()),
  });
  return (list, outcome) => requests.inc({ list, outcome });
}
