import { Gauge, Counter, type Registry } from 'prom-client';

/** What requests hold, as far as metrics are concerned; bytes. */
export interface MeasuredMemory {
  readonly held: number;
  /** Infinity where there is none. */
  readonly limit: number;
  /** How often there was no room. */
  readonly refused: number;
}

/** Adds metrics of the memory that requests hold to the registry. */
export function createMemoryMetrics(registry: Registry, memory: MeasuredMemory): void {
  const registers = [registry];
  const held: Gauge = new Gauge({
    name: 'promweave_request_memory_bytes',
    help: 'Memory that requests hold, about.',
    registers,
    collect: () => held.set(memory.held),
  });
  const limit: Gauge = new Gauge({
    name: 'promweave_request_memory_limit_bytes',
    help: 'Memory that requests may hold (--query.max-memory); +Inf where there is no limit.',
    registers,
    collect: () => limit.set(memory.limit),
  });
  const refused: Counter = new Counter({
    name: 'promweave_request_memory_refused_total',
    help: 'How often a request was refused memory because all requests together would have been over the limit.',
    registers,
    collect: () => {
      refused.reset();
      refused.inc(memory.refused);
    },
  });
}
