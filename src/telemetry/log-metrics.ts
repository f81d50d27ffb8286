import { Counter, type Registry } from 'prom-client';

/** Adds the metric of log lines that could not be written; `dropped` tells their number since the start. */
export function createLogMetrics(registry: Registry, dropped: () => number): void {
  const counter = new Counter({
    name: 'promweave_log_lines_dropped_total',
    help: 'Log lines that could not be written to standard error, because it is full or closed.',
    registers: [registry],
    collect() {
      counter.reset();
      counter.inc(dropped());
    },
  });
}
