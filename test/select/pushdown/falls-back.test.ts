import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Evaluated, EvaluateRequest } from '../../../src/backend/evaluate-call.ts';
import { labelsFromRecord, mergeLabels } from '../../../src/model/labels.ts';
import { failed } from '../../../src/model/result.ts';
import { scopeOf } from '../support.ts';
import { altered, answer, between, shard, warmGateway } from './world.ts';

const QUERY = 'sum by (cluster) (rate(m_total[5m]))';

const isFacts = ({ text }: EvaluateRequest): boolean => text.includes('count_values');

/** Alters the parts, and not what proves them. */
const parts =
  (change: (answer: Evaluated) => Evaluated) =>
  (given: Evaluated, request: EvaluateRequest): Evaluated =>
    isFacts(request) ? given : change(given);

const facts =
  (change: (answer: Evaluated) => Evaluated) =>
  (given: Evaluated, request: EvaluateRequest): Evaluated =>
    isFacts(request) ? change(given) : given;

const withValue =
  (value: number) =>
  (given: Evaluated): Evaluated => ({
    ...given,
    series: given.series.map(({ labels, values }) => ({
      labels,
      values: { ...values, v: values.v.map(() => value) },
    })),
  });

test('a shard with a whole replica, and one with a single endpoint, compute; no samples are read', async () => {
  const gateway = await warmGateway(shard('eu'), shard('us', 1));
  const expected = await answer(gateway.inFull, QUERY);
  for (const asked of gateway.asked) asked.length = 0;
  assert.deepEqual(await answer(gateway.pushing, QUERY), expected);
  assert.deepEqual(gateway.pushes, ['pushed', 'pushed']);
  assert.deepEqual(
    gateway.asked.map((asked) => asked.length),
    [0, 0, 0],
  );
});

test('what servers computed counts among what came from them', async () => {
  const gateway = await warmGateway(shard('eu'));
  altered(gateway, (given) => ({ ...given, bytes: 7 }));
  const scope = scopeOf({ pushdown: true });
  await answer(gateway.pushing, QUERY, scope);
  const { bytes, calls, answeredEndpoints } = scope.journal.sums;
  assert.deepEqual([gateway.pushes.at(-1), bytes, answeredEndpoints], ['pushed', 7 * calls, 1]);
});

describe('whatever is wrong with what a server computed, the samples are read', () => {
  const reads = (what: string, outcome: string, change: Parameters<typeof altered>[1]): void => {
    test(what, async () => {
      const gateway = await warmGateway(shard('eu'));
      altered(gateway, change);
      const expected = await answer(gateway.inFull, QUERY);
      assert.deepEqual(await answer(gateway.pushing, QUERY), expected);
      assert.deepEqual(gateway.pushes, [outcome]);
    });
  };
  reads(
    'a remark, or histograms',
    'not_plain',
    parts((given) => ({ ...given, isPlain: false })),
  );
  reads('an infinite sum', 'not_plain', parts(withValue(Infinity)));
  reads(
    'a label with the name of an external one',
    'not_plain',
    parts((given) => ({
      ...given,
      series: given.series.map((each) => ({
        ...each,
        labels: mergeLabels(each.labels, labelsFromRecord({ cluster: 'eu' })),
      })),
    })),
  );
  reads(
    'a replica label',
    'not_plain',
    parts((given) => ({
      ...given,
      series: given.series.map((each) => ({
        ...each,
        labels: mergeLabels(each.labels, labelsFromRecord({ __replica__: 'x' })),
      })),
    })),
  );
  for (const [what, shift] of [
    ['between the steps', 1],
    ['behind the last step', 3_600_000],
  ] as const)
    reads(
      `times ${what}`,
      'not_plain',
      parts((given) => ({
        ...given,
        series: given.series.map(({ labels, values }) => ({
          labels,
          values: { ...values, t: values.t.map((t) => t + shift) },
        })),
      })),
    );
  reads('scrapes that are fewer than the samples', 'not_whole', facts(withValue(3)));
  reads(
    'no facts at all',
    'not_whole',
    facts((given) => ({ ...given, series: [] })),
  );
  reads(
    'facts with a remark',
    'not_whole',
    facts((given) => ({ ...given, isPlain: false })),
  );
  reads(
    'one target without scrapes',
    'not_whole',
    facts((given) => ({
      ...given,
      series: given.series.filter(({ labels }) => !labels.includes('eu-t1') || !labels.includes('scrapes')),
    })),
  );
  reads(
    'fewer series than before',
    'not_whole',
    facts((given) => ({
      ...given,
      series: given.series.filter(({ labels }) => !labels.includes('eu-t1') || !labels.includes('series')),
    })),
  );
});

test('a server that fails is not asked again for half a minute', async () => {
  const gateway = await warmGateway(shard('eu', 1));
  let calls = 0;
  between(gateway, async (own, scope, request) => {
    calls++;
    return calls === 1
      ? failed({ kind: 'execution', endpoint: 'x', reason: 'too many samples' })
      : own(scope, request);
  });
  const expected = await answer(gateway.inFull, QUERY);
  for (const pause of [0, 29_999, 1]) {
    gateway.clock.ticks += pause;
    assert.deepEqual(await answer(gateway.pushing, QUERY), expected);
  }
  assert.deepEqual(gateway.pushes, ['failed', 'lately', 'pushed']);
  assert.equal(calls, 2);
});

test('a server that hangs is given up while there is time to read', { timeout: 20_000 }, async () => {
  const gateway = await warmGateway(shard('eu', 1));
  between(
    gateway,
    async (_, { signal }) =>
      new Promise((resolve) => {
        const end = (): void => resolve(failed({ kind: 'canceled', endpoint: 'x', reason: 'canceled' }));
        signal.addEventListener('abort', end);
      }),
  );
  assert.deepEqual(await answer(gateway.pushing, QUERY), await answer(gateway.inFull, QUERY));
  assert.deepEqual(gateway.pushes, ['failed']);
});

test('an average is that of all samples where its sums cannot be merged', async () => {
  const gateway = await warmGateway(shard('eu'), shard('us'));
  altered(
    gateway,
    parts((given) => withValue(-Infinity)(given)),
  );
  const expected = await answer(gateway.inFull, 'avg(m_total)');
  assert.deepEqual(await answer(gateway.pushing, 'avg(m_total)'), expected);
  assert.deepEqual(gateway.pushes, ['not_plain', 'not_plain']);
});
