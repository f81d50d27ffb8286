import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createResultsCacheMetrics } from '../../src/telemetry/results-cache-metrics.ts';

test('queries, steps by where they came from, and the age of the oldest one are counted', async () => {
  const registry = new Registry();
  const observe = createResultsCacheMetrics(registry, () => 500);
  observe({ outcome: 'part', keptSteps: 10, sharedSteps: 4, evaluatedSteps: 2, ageMs: 90_000 });
  observe({ outcome: 'miss', keptSteps: 0, sharedSteps: 0, evaluatedSteps: 3 });
  const text = await registry.metrics();
  assert.match(text, /promweave_results_cache_requests_total\{outcome="part"\} 1\n/);
  assert.match(text, /promweave_results_cache_steps_total\{from="kept"\} 6\n/);
  assert.match(text, /promweave_results_cache_steps_total\{from="shared"\} 4\n/);
  assert.match(text, /promweave_results_cache_steps_total\{from="evaluated"\} 5\n/);
  assert.match(text, /promweave_results_cache_bytes 500\n/);
  assert.match(text, /promweave_results_cache_age_seconds_bucket\{le="60"\} 0\n/);
  assert.match(text, /promweave_results_cache_age_seconds_bucket\{le="300"\} 1\n/);
  assert.match(text, /promweave_results_cache_age_seconds_count 1\n/);
});
