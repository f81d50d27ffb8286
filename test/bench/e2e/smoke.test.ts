import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions } from './options.ts';
import { runBench } from './run.ts';

test('the small size runs over real servers, and each row that was asked for has its figures', async () => {
  const names = ['sum-rate', 'native', 'instant-up-8', 'wide-8'];
  const options = parseOptions(['--size', 'small', '--outages', '--network', '--rows', names.join(',')]);
  const { rows } = await runBench(options, 'src/main.ts');
  assert.deepEqual(
    rows.map(({ name }) => name),
    names,
  );
  for (const { name, ratio, bytesRead, peakBytes } of rows) {
    assert.ok(ratio > 0 && bytesRead > 0 && peakBytes > 0, `${name}: ${ratio}, ${bytesRead}, ${peakBytes}`);
  }
  assert.ok(rows.at(-1)!.healthyMs.gateway > 0);
});
