import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { areDisjoint } from '../../../src/select/pushdown/disjoint.ts';
import { memoryEndpoint } from '../support.ts';

const MERGED = new Set(['replica']);
type Texts = Readonly<Record<string, string>>;

/** One that stands for servers with these labels. */
function over(sets: readonly Texts[], carried: readonly string[] = []): Endpoint {
  const labelSets = sets.map(labelsFromRecord);
  const endpoint = memoryEndpoint('g', sets[0]!, []);
  return {
    ...endpoint,
    ...(sets.length > 1 && { labelSets, externalLabels: labelsFromRecord({}) }),
    ownLabels: new Set(carried),
  };
}

const eu = { shard: 'eu', replica: 'a' };
const us = { shard: 'us', replica: 'a' };
const asia = { shard: 'asia', replica: 'b' };

describe('shards share no series', () => {
  test('where a label tells each two apart', () => {
    assert.ok(areDisjoint([[over([eu])], [over([us])], [over([asia])]], MERGED));
    assert.ok(areDisjoint([[over([eu, us])], [over([asia])]], MERGED));
  });

  test('and may where one label set is in both', () => {
    assert.ok(!areDisjoint([[over([eu, us])], [over([us])]], MERGED));
    assert.ok(!areDisjoint([[over([eu, us])], [over([asia, us])]], MERGED));
  });

  test('and may where the label that differs is merged, missing, or carried by series themselves', () => {
    assert.ok(!areDisjoint([[over([{ replica: 'a' }])], [over([{ replica: 'b' }])]], MERGED));
    assert.ok(!areDisjoint([[over([eu, { other: 'x' }])], [over([us])]], MERGED));
    assert.ok(!areDisjoint([[over([eu], ['shard'])], [over([us])]], MERGED));
  });

  test('and may where there are more than are compared', () => {
    const many = (name: string): Endpoint =>
      over(Array.from({ length: 101 }, (_, i) => ({ shard: `${name}${i}` })));
    assert.ok(!areDisjoint([[many('a')], [many('b')]], MERGED));
    const few = (name: string): Endpoint =>
      over(
        Array.from({ length: 400 }, (_, i) => ({
          shard: `${name}${i % 40}`,
          replica: `r${Math.floor(i / 40)}`,
        })),
      );
    assert.ok(areDisjoint([[few('a')], [few('b')]], MERGED));
    const shards = Array.from({ length: 65 }, (_, i) => [over([{ shard: String(i) }])]);
    assert.ok(!areDisjoint(shards, MERGED));
    assert.ok(areDisjoint(shards.slice(1), MERGED));
  });
});
