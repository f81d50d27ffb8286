import { Counter, type Registry } from 'prom-client';

/** Adds the metric of spans, as many as were sent and lost since the start. */
export function createTracingMetrics(
  registry: Registry,
  figures: () => { readonly sent: number; readonly dropped: number },
): void {
  const spans: Counter<'result'> = new Counter({
    name: 'promweave_tracing_spans_total',
    help: 'Spans that the collector took (sent), and those that were lost because it did not (dropped). 0 without tracing.',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      const { sent, dropped } = figures();
      spans.reset();
      spans.inc({ result: 'sent' }, sent);
      spans.inc({ result: 'dropped' }, dropped);
    },
  });
}
