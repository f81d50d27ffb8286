import { Gauge, type Registry } from 'prom-client';

/** Adds the size of the memory of scrape intervals to the registry. */
export function createIntervalMetrics(registry: Registry, known: { readonly size: number }): void {
  const size: Gauge = new Gauge({
    name: 'promweave_known_intervals',
    help: 'Scrape intervals that are remembered, by endpoint, metric and job; reads of these series take a margin that fits.',
    registers: [registry],
    collect: () => size.set(known.size),
  });
}
