import { Counter, Gauge, type Registry } from 'prom-client';

/** What is remembered of received series, as far as metrics are concerned. */
export interface MeasuredSeriesMemory {
  /** Bytes. */
  readonly bytes: number;
  readonly limit: number;
  /** Received series whose labels were known, and such whose labels were not. */
  readonly recognized: number;
  readonly unknown: number;
}

/** Adds metrics of the labels that are kept from answer to answer to the registry. */
export function createSeriesMetrics(registry: Registry, memory: MeasuredSeriesMemory): void {
  const registers = [registry];
  const bytes: Gauge = new Gauge({
    name: 'promweave_series_labels_memory_bytes',
    help: 'Memory of the labels of received series that are kept for the next answer, about.',
    registers,
    collect: () => bytes.set(memory.bytes),
  });
  const limit: Gauge = new Gauge({
    name: 'promweave_series_labels_memory_limit_bytes',
    help: 'Memory that the labels of received series may take, a tenth of what requests may hold (--query.max-memory).',
    registers,
    collect: () => limit.set(memory.limit),
  });
  const received: Counter<'labels'> = new Counter({
    name: 'promweave_series_labels_total',
    help: 'Series received as streamed chunks whose labels were known from an answer before, and such whose labels were new.',
    labelNames: ['labels'],
    registers,
    collect: () => {
      received.reset();
      received.inc({ labels: 'known' }, memory.recognized);
      received.inc({ labels: 'new' }, memory.unknown);
    },
  });
}
