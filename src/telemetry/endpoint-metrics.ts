import { Counter, Gauge, type Registry } from 'prom-client';

/** An endpoint as far as metrics are concerned. */
export interface MeasuredEndpoint {
  /** No two have the same. */
  readonly id: string;
  readonly isUp: boolean;
}

/** Adds the metrics of endpoints to the registry; the result takes the id of each that did not answer a request. */
export function createEndpointMetrics(
  registry: Registry,
  endpoints: () => readonly MeasuredEndpoint[],
): (id: string) => void {
  const registers = [registry];
  const shown = new Set<string>();
  // Registered first: what it does when it is collected is for both.
  const up = new Gauge({
    name: 'promweave_endpoint_up',
    help: 'Whether the endpoint answered when it was asked last.',
    labelNames: ['endpoint'],
    registers,
    collect() {
      const now = endpoints();
      const ids = new Set(now.map(({ id }) => id));
      for (const id of shown) {
        if (ids.has(id)) continue;
        up.remove(id);
        failures.remove(id);
        shown.delete(id);
      }
      for (const { id, isUp } of now) {
        if (!shown.has(id)) failures.inc({ endpoint: id }, 0);
        shown.add(id);
        up.set({ endpoint: id }, isUp ? 1 : 0);
      }
    },
  });
  const failures = new Counter({
    name: 'promweave_endpoint_failures_total',
    help: 'Requests that an endpoint did not answer, or not in time. Its health checks do not count.',
    labelNames: ['endpoint'],
    registers,
  });
  return (id) => {
    failures.inc({ endpoint: id });
  };
}
