import type { MetricMetadata } from '../model/metric-metadata.ts';

/** What the simulated targets say of their metrics. */
export const DESCRIPTIONS: readonly MetricMetadata[] = [
  described('http_requests', 'counter', 'Requests that were answered, by status code.'),
  described('http_request_duration_seconds', 'histogram', 'How long requests took, in fixed buckets.'),
  described('http_request_latency_seconds', 'histogram', 'How long requests took, in native buckets.'),
  described('process_cpu_seconds', 'counter', 'Time that the process spent on a processor.'),
  described('process_start_time_seconds', 'gauge', 'When the process started, since the epoch.'),
  described('memory_usage_bytes', 'gauge', 'Memory that the process has.'),
  described('queue_length', 'gauge', 'Requests that wait.'),
  described('temperature_celsius', 'gauge', 'How warm the machine is.'),
];

/** A counter has `_total` at its end in the text format, which is what most targets expose. The unit ends the name, where there is one. */
function described(family: string, type: string, help: string): MetricMetadata {
  const unit = /_(seconds|bytes|celsius)$/.exec(family)?.[1] ?? '';
  return { metric: type === 'counter' ? `${family}_total` : family, type, unit, help };
}
