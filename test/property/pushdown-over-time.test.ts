import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import type { QueryAnswer } from '../../src/engine/answer.ts';
import type { Selection } from '../../src/select/selection.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { assertNearlySame } from '../support/nearly-same.ts';
import { assertProperty } from '../support/property.ts';
import { scopeOf } from '../select/support.ts';
import { gatewayOverAll, MINUTE, START } from '../select/read-once/world.ts';
import { BEGIN_MS, REFRESH_MS, shard } from './changing-shards.ts';

const queries = fc.record({
  text: fc.constantFrom(
    'count by (cluster) (m)',
    'sum by (cluster, instance) (m)',
    'count by (cluster, i) (last_over_time(m[3m]))',
    'sum without (i) (delta(m[2m]))',
    'avg by (instance) (count_over_time(m[90s]))',
    'sum by (cluster, instance) (up)',
    'count by (cluster) (sum_over_time(up[2m]))',
    'min by (cluster) (up offset 30s)',
  ),
  length: fc.constantFrom(0, 5 * MINUTE, 20 * MINUTE),
  pauses: fc.array(fc.oneof(fc.integer({ min: 1001, max: 20_000 }), fc.integer({ min: 1001, max: 60_000 })), {
    minLength: 8,
    maxLength: 12,
  }),
});

it('while time goes by, servers compute parts only where these are those of all samples', async () => {
  let pushed = 0;
  let chosen = 0;
  await assertProperty(
    fc.asyncProperty(
      fc.tuple(shard('eu'), shard('us'), shard('asia')),
      queries,
      async (shards, { text, length, pauses }) => {
        const gateway = gatewayOverAll(shards, BEGIN_MS);
        await gateway.refresh();
        let refreshedAt = BEGIN_MS;
        let now = BEGIN_MS;
        for (const pause of [0, 0, ...pauses]) {
          now += pause;
          gateway.clock.pass(pause);
          while (refreshedAt + REFRESH_MS <= now) refreshedAt = now;
          if (refreshedAt === now) await gateway.refresh();
          const end = START + now;
          const times = length === 0 ? { start: end } : { start: end - length, end, step: 30_000 };
          const ask = async (selection: Selection): Promise<QueryAnswer> =>
            answerOf(text, selection.source(scopeOf({ pushdown: true })), times);
          const answer = await ask(gateway.pushing);
          const [once, inFull] = [await ask(gateway.once), await ask(gateway.inFull)];
          // At the live edge both are right: where all are read, the newest sample may be that of another replica.
          if (!isNearlySame(answer, inFull)) assertNearlySame(answer, once, `${text} at ${now}`);
        }
        pushed += gateway.pushes.filter((each) => each === 'pushed').length;
        chosen += gateway.pushes.length;
      },
    ),
    { numRuns: 8, seed: 4 },
  );
  assert.ok(pushed > chosen / 3, `only ${pushed} of ${chosen} parts were computed elsewhere`);
});

function isNearlySame(actual: QueryAnswer, expected: QueryAnswer): boolean {
  try {
    assertNearlySame(actual, expected, '');
    return true;
  } catch {
    return false;
  }
}
