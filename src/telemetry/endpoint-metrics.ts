import { Counter, Gauge, type Registry } from 'prom-client';

/** An endpoint as far as metrics are concerned. */
export interface MeasuredEndpoint {
  /** No two have the same. */
  readonly id: string;
  readonly isUp: boolean;
  /** `slow`: replicas that have it all do not wait for it; `open`: it hangs and is not asked. */
  readonly breaker: 'closed' | 'slow' | 'open';
}

/** Takes the id of each endpoint of which something was seen. */
export interface EndpointObserver {
  /** It did not answer a request. */
  failed(id: string): void;
  /** A request to it was made again. */
  retried(id: string): void;
}

/** Adds the metrics of endpoints to the registry. */
export function createEndpointMetrics(
  registry: Registry,
  endpoints: () => readonly MeasuredEndpoint[],
): EndpointObserver {
  const registers = [registry];
  const shown = new Set<string>();
  // Registered first: what it does when it is collected is for all of them.
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
        for (const metric of [up, failures, retries]) metric.remove(id);
        for (const state of STATES) breaker.remove(id, state);
        shown.delete(id);
      }
      for (const { id, isUp, breaker: is } of now) {
        if (!shown.has(id)) for (const counter of [failures, retries]) counter.inc({ endpoint: id }, 0);
        shown.add(id);
        up.set({ endpoint: id }, isUp ? 1 : 0);
        for (const state of STATES) breaker.set({ endpoint: id, state }, state === is ? 1 : 0);
      }
    },
  });
  const failures = new Counter({
    name: 'promweave_endpoint_failures_total',
    help: 'Requests that an endpoint did not answer, or not in time. Its health checks do not count.',
    labelNames: ['endpoint'],
    registers,
  });
  const retries = new Counter({
    name: 'promweave_endpoint_retries_total',
    help: 'Requests to an endpoint that were made again, because the connection broke or the answer was damaged.',
    labelNames: ['endpoint'],
    registers,
  });
  const breaker = new Gauge({
    name: 'promweave_endpoint_breaker_state',
    help: 'Whether the breaker of the endpoint is in this state. slow: replicas that have all of it do not wait for it; open: it hangs and is not asked.',
    labelNames: ['endpoint', 'state'],
    registers,
  });
  return {
    failed: (id) => failures.inc({ endpoint: id }),
    retried: (id) => retries.inc({ endpoint: id }),
  };
}

const STATES = ['closed', 'slow', 'open'] as const;
