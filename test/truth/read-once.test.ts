import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryEndpoint } from '../select/support.ts';
import { START, gatewayOf, named, read, scrapesAlone } from '../select/read-once/world.ts';
import { measureOnce, VARIANTS } from './read-once.ts';
import { seriesOf } from './replica-series.ts';
import { DURATION_MS, MEASURED_SEEDS, START_MS, workload } from './workload.ts';

const MINUTE = 60_000;
/** Enough targets for both outages of single ones. */
const SIZE = {
  targets: 8,
  countersPerTarget: 2,
  gaugesPerTarget: 1,
  histogramsPerTarget: 0,
  nativeHistogramsPerTarget: 1,
};
const METRICS = ['up', 'http_requests_total', 'node_memory_usage_bytes', 'http_request_duration_seconds'];

/** As {@link read} counts times. */
const OFFSET = START_MS - START;

test('what is read once is what the figures are measured on, whatever the outages', async () => {
  for (const seed of MEASURED_SEEDS.slice(0, 1)) {
    const all = [...workload(seed, SIZE)];
    const replicas = (['a', 'b'] as const).map((name) => {
      const series = seriesOf(name, all);
      const labels = { cluster: 'truth', __replica__: name };
      return () => memoryEndpoint(`${name}:1`, labels, series, {}, undefined, scrapesAlone());
    });
    const gateway = gatewayOf(replicas, START_MS + DURATION_MS);
    await gateway.refresh();
    for (const metric of METRICS)
      for (let to = 30; to <= 340; to += 11) {
        const ask = async (selection: typeof gateway.once) =>
          read(selection, named(metric), OFFSET + (to - 20) * MINUTE, OFFSET + to * MINUTE);
        const expected = await ask(gateway.inFull);
        for (let round = 0; round < 2; round++)
          assert.deepEqual(await ask(gateway.once), expected, `${metric} until minute ${to}`);
      }
    const once = gateway.reasons.filter((reason) => reason.startsWith('once')).length;
    assert.ok(once > gateway.reasons.length / 4, `${once} of ${gateway.reasons.length}`);
    assert.ok(gateway.reasons.includes('once_but_holes'));
  }
});

for (const variant of VARIANTS)
  test(`the figures are the same in both modes: ${variant.name}, every ${variant.intervalMs / 1000} s`, async () => {
    const { once, inFull, spoken, reads } = await measureOnce(variant);
    assert.deepEqual(once, inFull);
    assert.ok(inFull.every(({ points }) => points > 50));
    assert.ok(spoken > reads / 4, `${spoken} of ${reads}`);
  });
