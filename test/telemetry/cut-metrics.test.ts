import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createCutMetrics } from '../../src/telemetry/cut-metrics.ts';

test('clients that were turned away are counted, and the log tells of the first of each kind', async () => {
  const registry = new Registry();
  const logged: string[] = [];
  const observe = createCutMetrics(registry, (message) => logged.push(message));
  const [http, grpc] = [observe('http'), observe('grpc')];
  for (const reason of ['slow_reader', 'slow_reader', 'too_many'] as const) http(reason);
  grpc('slow_reader');
  const text = await registry.metrics();
  assert.match(text, /promweave_clients_cut_total\{transport="http",reason="slow_reader"\} 2/);
  assert.match(text, /promweave_clients_cut_total\{transport="grpc",reason="slow_reader"\} 1/);
  assert.deepEqual(
    logged.map((line) => line.split(';')[0]),
    [
      'http: a client was cut off, because it took nothing of its answer for a while',
      'http: a connection was ended, because there are as many as --web.max-connections allows',
      'grpc: a client was cut off, because it took nothing of its answer for a while',
    ],
  );
});
