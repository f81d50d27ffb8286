import { Counter, Gauge, type Registry } from 'prom-client';

/** An endpoint as far as metrics are concerned. */
export interface MeasuredEndpoint {
  readonly address: string;
  readonly isUp: boolean;
}

/** Adds the metrics of endpoints to the registry; the result takes the address of each that did not answer a request. */
export function createEndpointMetrics(
  registry: Registry,
  endpoints: () => readonly MeasuredEndpoint[],
): (address: string) => void {
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
      const addresses = new Set(now.map(({ address }) => address));
      for (const address of shown) {
        if (addresses.has(address)) continue;
        up.remove(address);
        failures.remove(address);
        shown.delete(address);
      }
      for (const { address, isUp } of now) {
        if (!shown.has(address)) failures.inc({ endpoint: address }, 0);
        shown.add(address);
        up.set({ endpoint: address }, isUp ? 1 : 0);
      }
    },
  });
  const failures = new Counter({
    name: 'promweave_endpoint_failures_total',
    help: 'Requests that an endpoint did not answer, or not in time. Its health checks do not count.',
    labelNames: ['endpoint'],
    registers,
  });
  return (address) => {
    failures.inc({ endpoint: address });
  };
}
