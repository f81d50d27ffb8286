import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** An endpoint as far as metrics are concerned. */
export interface MeasuredEndpoint {
  /** No two have the same. */
  readonly id: string;
  readonly isUp: boolean;
  /** By how much its clock is ahead, ms; undefined where that is not known. */
  readonly clockOffsetMs: number | undefined;
  /** When the certificate that it is shown expires, ms since the epoch; undefined where it is shown none. */
  readonly certificateExpiry: number | undefined;
  /** `slow`: replicas that have it all do not wait for it; `open`: it hangs and is not asked. */
  readonly breaker: 'closed' | 'slow' | 'open';
}

/** A call to an endpoint that has ended. Times are ms of one clock. */
export interface MeasuredCall {
  readonly endpoint: string;
  readonly began: number;
  readonly ended: number | undefined;
  readonly series: number;
  readonly bytes: number;
}

/** What endpoints do is heard here. */
export interface EndpointMetrics {
  /** One did not answer a request. */
  failed(id: string): void;
  /** A request to one was made again. */
  retried(id: string): void;
  called(call: MeasuredCall): void;
}

/** Adds the metrics of endpoints to the registry. An endpoint that is gone leaves nothing behind. */
export function createEndpointMetrics(
  registry: Registry,
  endpoints: () => readonly MeasuredEndpoint[],
): EndpointMetrics {
  const registers = [registry];
  const labelNames = ['endpoint'];
  const shown = new Set<string>();
  /** What came since the metrics were collected last: to count a call costs less than to find its counters. */
  const received = new Map<string, { bytes: number; series: number }>();
  // Registered first: what it does when it is collected is for all.
  const up = new Gauge({
    name: 'promweave_endpoint_up',
    help: 'Whether the endpoint answered when it was asked last.',
    labelNames,
    registers,
    collect() {
      for (const [endpoint, sum] of received) {
        if (sum.bytes > 0) bytes.inc({ endpoint }, sum.bytes);
        if (sum.series > 0) series.inc({ endpoint }, sum.series);
      }
      received.clear();
      const now = endpoints();
      const ids = new Set(now.map(({ id }) => id));
      // Calls to one that is gone may have ended since.
      for (const id of shown) {
        if (ids.has(id)) continue;
        for (const metric of [up, clock, expiry, failures, retries, durations, bytes, series])
          metric.remove(id);
        for (const state of STATES) breaker.remove(id, state);
        shown.delete(id);
      }
      for (const { id, isUp, clockOffsetMs, certificateExpiry, breaker: is } of now) {
        for (const counter of [failures, retries, bytes, series]) counter.inc({ endpoint: id }, 0);
        shown.add(id);
        up.set({ endpoint: id }, isUp ? 1 : 0);
        if (clockOffsetMs !== undefined) clock.set({ endpoint: id }, clockOffsetMs / 1000);
        if (certificateExpiry !== undefined) expiry.set({ endpoint: id }, certificateExpiry / 1000);
        for (const state of STATES) breaker.set({ endpoint: id, state }, state === is ? 1 : 0);
      }
    },
  });
  const failures = new Counter({
    name: 'promweave_endpoint_failures_total',
    help: 'Requests that an endpoint did not answer, or not in time. Its health checks do not count.',
    labelNames,
    registers,
  });
  const clock = new Gauge({
    name: 'promweave_endpoint_clock_offset_seconds',
    help: 'By how much the clock of an HTTP endpoint is ahead of that of the gateway; 0 below half a minute.',
    labelNames,
    registers,
  });
  const expiry = new Gauge({
    name: 'promweave_endpoint_cert_expiry_timestamp_seconds',
    help: 'When the certificate that the gateway shows the endpoint expires, or one that leads to its authority.',
    labelNames,
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
  const durations = new Histogram({
    name: 'promweave_endpoint_request_duration_seconds',
    help: 'Time of calls to an endpoint for requests, until their answer was read to its end.',
    labelNames,
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers,
  });
  const bytes = new Counter({
    name: 'promweave_endpoint_received_bytes_total',
    help: 'Bytes of samples that an endpoint sent, as they came.',
    labelNames,
    registers,
  });
  const series = new Counter({
    name: 'promweave_endpoint_received_series_total',
    help: 'Series with samples that an endpoint sent.',
    labelNames,
    registers,
  });
  return {
    failed(id) {
      shown.add(id);
      failures.inc({ endpoint: id });
    },
    retried(id) {
      shown.add(id);
      retries.inc({ endpoint: id });
    },
    called({ endpoint, began, ended = began, bytes: receivedBytes, series: receivedSeries }) {
      shown.add(endpoint);
      durations.observe({ endpoint }, (ended - began) / 1000);
      let sum = received.get(endpoint);
      if (sum === undefined) received.set(endpoint, (sum = { bytes: 0, series: 0 }));
      sum.bytes += receivedBytes;
      sum.series += receivedSeries;
    },
  };
}

const STATES = ['closed', 'slow', 'open'] as const;
