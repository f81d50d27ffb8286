import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { allocatorInUse } from './allocator.ts';

const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** A registry with the metrics of the process and of Node, and what runs as labels. */
export function createRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // `_total` is the end of counters' names, and `promtool check metrics` objects to gauges that have it. Their sums are those of
  // `nodejs_active_handles` and its like.
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: 'promweave_build_info',
    help: 'Always 1; the labels say what runs: the version, Node, and the allocator.',
    labelNames: ['version', 'node', 'allocator'],
    registers: [registry],
  }).set({ version, node: process.version, allocator: allocatorInUse() }, 1);
  return registry;
}
