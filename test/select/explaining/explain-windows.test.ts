import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecisionLog } from '../../../src/select/explaining/explain-windows.ts';

test('what is still to come was not missed', () => {
  const log = new DecisionLog(100_000);
  log.window(0, 120_000, 'a', 20_000, 'tie');
  log.window(0, 120_000, 'a', 65_000, 'tie');
  log.window(0, 90_000, 'a', 30_000, 'tie');
  assert.deepEqual(
    log.decisions.map(({ penalty }) => penalty),
    [0, 45_000, 30_000],
  );
});
