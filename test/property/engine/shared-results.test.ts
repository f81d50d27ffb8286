import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChangeableGateway } from '../../../src/gateway/gateway.ts';
import type { ResultsEvent } from '../../../src/gateway/results-cache/results-cache.ts';
import type { SharedPieceOutcome } from '../../../src/gateway/results-cache/shared/shared-pieces.ts';
import { randomQuery } from '../../support/differential/random-query.ts';
import { CURRENT } from '../../support/differential/vocabularies.ts';
import { MapCache } from '../../support/map-cache.ts';
import { assertProperty } from '../../support/property.ts';
import { until } from '../../support/until.ts';
import { ask, gatewayThat, KEEPS, ranges } from './keeping-gateway.ts';

/** What happens to values between two questions. */
const FAULTS = ['none', 'none', 'lost', 'damaged', 'exchanged', 'cut'] as const;

function befall(fault: (typeof FAULTS)[number], { values }: MapCache, number: number): void {
  const keys = [...values.keys()];
  if (keys.length === 0 || fault === 'none') return;
  const key = keys[number % keys.length]!;
  const value = Uint8Array.from(values.get(key)!);
  if (fault === 'lost') values.delete(key);
  if (fault === 'exchanged') values.set(key, values.get(keys[(number + 1) % keys.length]!)!);
  if (fault === 'cut') values.set(key, value.subarray(0, number % value.length));
  if (fault !== 'damaged') return;
  value[number % value.length]! ^= 1 + (number % 255);
  values.set(key, value);
}

const asked = fc.tuple(
  ranges,
  fc.array(fc.record({ who: fc.nat({ max: 1 }), fault: fc.constantFrom(...FAULTS), number: fc.nat() }), {
    minLength: 4,
    maxLength: 4,
  }),
);

test('range queries of two gateways that share results have the answers of one that keeps none', async () => {
  const steps = { kept: 0, shared: 0 };
  const pieces: Record<SharedPieceOutcome, number> = { found: 0, absent: 0, unusable: 0 };
  await assertProperty(
    fc.asyncProperty(randomQuery(CURRENT), asked, async (text, [some, turns]) => {
      const cache = new MapCache();
      const onPiece = (outcome: SharedPieceOutcome): void => void pieces[outcome]++;
      const onResults = ({ keptSteps, sharedSteps }: ResultsEvent): void => {
        steps.kept += keptSteps;
        steps.shared += sharedSteps;
      };
      const waiting = [0, 0];
      const sharing: readonly ChangeableGateway[] = waiting.map((_, who) => {
        const onWaiting = (count: number): void => void (waiting[who] = count);
        const shared = { cache, namespace: 'n', fingerprint: 'f', onPiece, onWaiting };
        return gatewayThat({ ...KEEPS, shared }, onResults);
      });
      // Packing goes on after an answer, in threads.
      const untilPacked = (): Promise<void> =>
        until('all is packed', 10_000, async () => waiting.every((count) => count === 0), 1);
      const plain = gatewayThat(undefined, () => assert.fail('nothing is kept'));
      for (const [i, range] of [...some, ...some].entries()) {
        const { who, fault, number } = turns[i % turns.length]!;
        befall(fault, cache, number);
        const expected = await ask(plain, { ...range, text });
        const actual = await ask(sharing[(who + (i >= some.length ? 1 : 0)) % 2]!, { ...range, text });
        assert.equal(
          actual.text,
          expected.text,
          `${text} at ${JSON.stringify(range)} of ${JSON.stringify(some)}`,
        );
        assert.equal(actual.samples, expected.samples, text);
        await untilPacked();
      }
    }),
    { seed: 64_300, numRuns: 60, endOnFailure: true },
  );
  assert.ok(steps.shared > 400 && steps.kept > steps.shared, JSON.stringify(steps));
  assert.ok(pieces.found > 15 && pieces.unusable > 4, JSON.stringify(pieces));
});
