import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { splitShard } from '../../../src/select/pushdown/split-shard.ts';
import { MINUTE, type Target } from '../read-once/world.ts';
import { altered, answer, NOW, shard, warmGateway } from './world.ts';

const QUERY = 'sum by (cluster, instance) (rate(m_total[5m]))';

test('targets are told apart by their instances, whatever characters these have', () => {
  const targets = ['a.b:1', 'c|d'].map((instance) => labelsFromRecord({ job: 'x', instance }));
  const value = String.raw`a\.b:1|c\|d`;
  assert.deepEqual(splitShard([...targets, targets[0]!]), {
    read: { kind: '=~', name: 'instance', value },
    computed: { kind: '!~', name: 'instance', value },
  });
  assert.equal(splitShard([...targets, labelsFromRecord({ job: 'x' })]), undefined);
});

describe('of a shard of which some targets were not scraped steadily, these are read and the others computed', () => {
  const eu = shard('eu');
  const [first, second] = eu.targets;
  const cases: Readonly<Record<string, Partial<Target>>> = {
    'a target whose scrapes failed': {
      failures: [[{ from: NOW - 15 * MINUTE, to: NOW - 12 * MINUTE }], []],
    },
    'a target that ended': { life: { from: 0, to: NOW - 12 * MINUTE } },
  };
  for (const [what, change] of Object.entries(cases))
    test(what, async () => {
      const world = { ...eu, targets: [{ ...first!, ...change }, second!] };
      const gateway = await warmGateway(world);
      const expected = await answer(gateway.inFull, QUERY);
      for (const asked of gateway.asked) asked.length = 0;
      for (let round = 0; round < 2; round++)
        assert.deepEqual(await answer(gateway.pushing, QUERY), expected);
      assert.deepEqual(gateway.pushes, ['pushed', 'pushed']);
      const matcher = { kind: '=~', name: 'instance', value: 'eu-t0' };
      for (const asked of gateway.asked) {
        assert.equal(asked.length, 2);
        for (const { matchers } of asked) assert.deepEqual(matchers.at(-1), matcher);
      }
    });
});

test('where the others are not whole, all are read', async () => {
  const eu = shard('eu');
  const [first, second] = eu.targets;
  const failures = [[{ from: NOW - 15 * MINUTE, to: NOW - 12 * MINUTE }], []];
  const gateway = await warmGateway({ ...eu, targets: [{ ...first!, failures }, second!] });
  altered(gateway, (given, { text }) =>
    text.includes('"series"')
      ? { ...given, series: given.series.filter(({ labels }) => !labels.includes('scrapes')) }
      : given,
  );
  assert.deepEqual(await answer(gateway.pushing, QUERY), await answer(gateway.inFull, QUERY));
  assert.deepEqual(gateway.pushes, ['not_whole']);
});
