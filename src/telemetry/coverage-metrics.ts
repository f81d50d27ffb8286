import { Gauge, type Registry } from 'prom-client';

/** What is known of scrapes, as far as metrics are concerned. */
interface MeasuredCoverage {
  readonly bytes: number;
  readonly pieces: number;
  readonly endpoints: readonly {
    readonly id: string;
    readonly targets: number;
    /** ms since the epoch; -Infinity where nothing is known. */
    readonly until: number;
    readonly isKnown: boolean;
  }[];
}

/** Adds the metrics of the coverage index to the registry. */
export function createCoverageMetrics(registry: Registry, measure: () => MeasuredCoverage): void {
  const registers = [registry];
  const labelNames = ['endpoint'];
  // Registered first: what it does when it is collected is for all.
  const bytes = new Gauge({
    name: 'promweave_coverage_bytes',
    help: 'Memory that it takes to know when endpoints scraped their targets.',
    registers,
    collect() {
      const figures = measure();
      bytes.set(figures.bytes);
      pieces.set(figures.pieces);
      for (const gauge of [known, targets, until]) gauge.reset();
      for (const endpoint of figures.endpoints) {
        known.set({ endpoint: endpoint.id }, endpoint.isKnown ? 1 : 0);
        targets.set({ endpoint: endpoint.id }, endpoint.targets);
        if (endpoint.until > -Infinity) until.set({ endpoint: endpoint.id }, endpoint.until / 1000);
      }
    },
  });
  const pieces = new Gauge({
    name: 'promweave_coverage_pieces',
    help: 'Stretches of two hours of the past that are kept of all endpoints.',
    registers,
  });
  const known = new Gauge({
    name: 'promweave_coverage_known',
    help: 'Whether it is known when the endpoint scraped its targets.',
    labelNames,
    registers,
  });
  const targets = new Gauge({
    name: 'promweave_coverage_targets',
    help: 'Targets that the endpoint scraped in the current two hours.',
    labelNames,
    registers,
  });
  const until = new Gauge({
    name: 'promweave_coverage_until_timestamp_seconds',
    help: 'Until when it is known when the endpoint scraped its targets.',
    labelNames,
    registers,
  });
}
