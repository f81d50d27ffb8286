import { Counter, type Registry } from 'prom-client';

/** Where lines may be lost; `dropped` tells their number since the start. */
interface LossyLog {
  dropped(): number;
}

/** Adds the metrics of log lines that could not be written. */
export function createLogMetrics(
  registry: Registry,
  { standardError, queryLog }: { readonly standardError: LossyLog; readonly queryLog: LossyLog },
): void {
  addDropped(
    registry,
    'promweave_log_lines_dropped_total',
    'Log lines that could not be written to standard error, because it is full or closed.',
    standardError,
  );
  addDropped(
    registry,
    'promweave_query_log_lines_dropped_total',
    'Lines of the query log (--query.log-file) that could not be written, or not in time.',
    queryLog,
  );
}

function addDropped(registry: Registry, name: string, help: string, log: LossyLog): void {
  const counter = new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      counter.reset();
      counter.inc(log.dropped());
    },
  });
}
