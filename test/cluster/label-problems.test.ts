import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelProblems } from '../../src/cluster/label-problems.ts';
import { memoryEndpoint } from '../select/support.ts';

const REPLICA = ['__replica__'];

const endpoint = (address: string, labels: Record<string, string>, protocol = 'remote-read') =>
  memoryEndpoint(address, labels, [], { protocol });

test('an HA pair of each shard is nothing to speak of, nor is a store beside its servers', () => {
  const endpoints = [
    endpoint('a', { shard: '0', __replica__: 'a' }),
    endpoint('b', { shard: '0', __replica__: 'b' }),
    endpoint('store', { shard: '0', __replica__: 'a' }, 'store-api'),
  ];
  assert.deepEqual(labelProblems(endpoints, REPLICA), []);
});

test('servers with the same labels are named, and those without any', () => {
  const same = [
    endpoint('a', { shard: '0', __replica__: 'a' }),
    endpoint('b', { shard: '0', __replica__: 'a' }),
  ];
  const [problem, ...others] = labelProblems(same, REPLICA);
  assert.match(problem!, /^a, b have the same external labels \{__replica__="a", shard="0"\}/);
  assert.deepEqual(others, []);
  assert.match(
    labelProblems([endpoint('a', {}), endpoint('b', {})], [])[0]!,
    /^a, b have no external labels/,
  );
});

test('a replica label that series carry as data is named, also of a single server', () => {
  const carrying = { ...endpoint('a', { __replica__: 'a' }), ownLabels: new Set(['__replica__', 'env']) };
  const [problem, ...others] = labelProblems([carrying], REPLICA);
  assert.match(problem!, /^series of a carry the replica label __replica__ themselves/);
  assert.deepEqual(others, []);
});

test('replica labels that no endpoint has are named, once all endpoints are known', () => {
  const pair = [endpoint('a', { shard: '0', replica: 'a' }), endpoint('b', { shard: '0', replica: 'b' })];
  assert.match(labelProblems(pair, REPLICA)[0]!, /no endpoint has an external label __replica__/);
  const unknown = { ...endpoint('c', {}), externalLabels: undefined };
  assert.deepEqual(labelProblems([...pair, unknown], REPLICA), []);
  assert.deepEqual(labelProblems(pair.slice(0, 1), REPLICA), []);
});
