import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import type { QueryAnswer } from '../../src/engine/answer.ts';
import type { Selection } from '../../src/select/selection.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { assertNearlySame, valuesOf } from '../support/nearly-same.ts';
import { assertProperty } from '../support/property.ts';
import { scopeOf } from '../select/support.ts';
import { gatewayOverAll, MINUTE, named, read, START } from '../select/read-once/world.ts';
import { assertSameButNewest } from './same-but-newest.ts';
import { BEGIN_MS, REFRESH_MS, shard } from './changing-shards.ts';

const queries = fc.record({
  text: fc.constantFrom(
    'count by (cluster) (m)',
    'sum by (cluster, instance) (m)',
    'count by (cluster, i) (last_over_time(m[3m]))',
    'sum without (i) (delta(m[2m]))',
    'avg by (cluster, instance) (count_over_time(m[90s]))',
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
          if (isNearlySame(answer, inFull) || isNearlySame(answer, once)) continue;
          // At the live edge all of these are right: where a shard is read in full, its newest sample may be that of another replica, and one
          // that computed goes on to be proven, where another gateway reads all once again. Each value is of one shard.
          const unpushed = await ask(gateway.unpushed);
          assertEachIsOneOf(answer, [inFull, once, unpushed], `${text} at ${now}`);
          const samples = async (selection: Selection): ReturnType<typeof read> =>
            read(selection, named(text.includes('up') ? 'up' : 'm'), now - length - 5 * MINUTE, now);
          assertSameButNewest(await samples(gateway.unpushed), await samples(gateway.inFull), now);
        }
        pushed += gateway.pushes.filter((each) => each === 'pushed').length;
        chosen += gateway.pushes.length;
      },
    ),
    { numRuns: 8, seed: 4 },
  );
  assert.ok(pushed > chosen / 5, `only ${pushed} of ${chosen} parts were computed elsewhere`);
});

/** That each value of an answer is that of another one, and none is left out that all others have. */
function assertEachIsOneOf(answer: QueryAnswer, others: readonly QueryAnswer[], what: string): void {
  const [own, ...all] = [answer, ...others].map(({ value }) => valuesOf(value));
  const keys = new Set(all.flatMap((values) => [...values.keys()]));
  for (const key of new Set([...keys, ...own!.keys()])) {
    const [value, ...wanted] = [own!, ...all].map((values) => values.get(key));
    const isOne = wanted.some(
      (each) => each === value || Math.abs(Number(each) - Number(value)) <= 1e-12 * Math.abs(Number(each)),
    );
    assert.ok(isOne, `${what}: ${key} is ${value} and none of ${wanted.join(', ')}`);
  }
}

function isNearlySame(actual: QueryAnswer, expected: QueryAnswer): boolean {
  try {
    assertNearlySame(actual, expected, '');
    return true;
  } catch {
    return false;
  }
}
