import { Gauge, Histogram, type Registry } from 'prom-client';

/** What the gRPC server counts. */
export interface GrpcMetrics {
  callStarted(): void;
  /** `method` with its service; `code` as gRPC names it; `seconds` until the last message was handed over. */
  callFinished(method: string, code: string, seconds: number): void;
}

export function createGrpcMetrics(registry: Registry): GrpcMetrics {
  const inFlight = new Gauge({
    name: 'promweave_grpc_requests_in_flight',
    help: 'gRPC calls that are being answered.',
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'promweave_grpc_request_duration_seconds',
    help: 'Time from the call to the end of its answer.',
    labelNames: ['method', 'code'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers: [registry],
  });
  return {
    callStarted() {
      inFlight.inc();
    },
    callFinished(method, code, seconds) {
      inFlight.dec();
      durations.observe({ method, code }, seconds);
    },
  };
}
