import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry } from '../../src/telemetry/registry.ts';

test('only counters have the end of the names of counters, as `promtool check metrics` wants it', async () => {
  const metrics = await createRegistry('1.0.0').getMetricsAsJSON();
  const names = metrics.map(({ name }) => name);
  assert.ok(names.includes('nodejs_active_handles') && names.includes('promweave_build_info'), names.join());
  const misnamed = metrics.filter(({ name, type }) => name.endsWith('_total') && String(type) !== 'counter');
  assert.deepEqual(
    misnamed.map(({ name }) => name),
    [],
  );
});
