import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, START, gatewayOver, named, read } from './world.ts';

const NOW = 300 * MINUTE;

test('what is read again with a wider margin is read of all replicas, as nothing looks at what one of them lacks', async () => {
  const slow = { instance: 't0', intervalMs: 2 * MINUTE, life: { from: 0, to: Infinity } };
  const gateway = gatewayOver(
    {
      spanMs: NOW + 60 * MINUTE,
      replicas: [
        { phase: 0.9, away: [] },
        { phase: 0.5, away: [] },
      ],
      targets: [{ ...slow, failures: [[], []], series: [] }],
    },
    NOW,
  );
  await gateway.refresh();
  const at = gateway.clock.at - START;
  await read(gateway.once, named('m'), at - 60 * MINUTE, at);
  assert.deepEqual(
    gateway.asked.map(({ length }) => length),
    [2, 2],
  );
  // The first read alone was a question of how many replicas to read.
  assert.deepEqual(gateway.reasons, ['other_origins']);
});
