import { Gauge, Histogram, type Registry } from 'prom-client';

/** What the HTTP server counts. */
export interface HttpMetrics {
  requestStarted(): void;
  /** `handler` is the route's pattern; `seconds` until the last byte was handed over. */
  requestFinished(handler: string, code: string, seconds: number): void;
  /** All metrics in Prometheus' text format. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const inFlight = new Gauge({
    name: 'promweave_http_requests_in_flight',
    help: 'HTTP requests that are being answered.',
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'promweave_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['handler', 'code'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers: [registry],
  });
  return {
    requestStarted() {
      inFlight.inc();
    },
    requestFinished(handler, code, seconds) {
      inFlight.dec();
      durations.observe({ handler, code }, seconds);
    },
    exposition: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
