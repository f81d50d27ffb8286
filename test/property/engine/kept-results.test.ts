import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResultsEvent } from '../../../src/gateway/results-cache/results-cache.ts';
import { randomQuery } from '../../support/differential/random-query.ts';
import { CURRENT } from '../../support/differential/vocabularies.ts';
import { assertProperty } from '../../support/property.ts';
import { ask, gatewayThat, KEEPS, ranges } from './keeping-gateway.ts';

test('a range query of which a part is kept has the answer of one that is evaluated at once', async () => {
  const seen: Record<ResultsEvent['outcome'], number> = { hit: 0, part: 0, miss: 0, around: 0, unfit: 0 };
  await assertProperty(
    fc.asyncProperty(randomQuery(CURRENT), ranges, async (text, asked) => {
      const keeping = gatewayThat(KEEPS, ({ outcome }) => seen[outcome]++);
      const plain = gatewayThat(undefined, () => assert.fail('nothing is kept'));
      for (const range of asked) {
        const [expected, actual] = [
          await ask(plain, { ...range, text }),
          await ask(keeping, { ...range, text }),
        ];
        assert.equal(
          actual.text,
          expected.text,
          `${text} at ${JSON.stringify(range)} of ${JSON.stringify(asked)}`,
        );
        assert.equal(actual.samples, expected.samples, text);
      }
    }),
    { seed: 64_200, numRuns: 250, endOnFailure: true },
  );
  assert.ok(seen.part > 80 && seen.hit > 10, `too little was kept: ${JSON.stringify(seen)}`);
});
