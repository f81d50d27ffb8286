import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseWitnesses } from '../../src/cluster/witnesses.ts';
import { labelsFromRecord, labelsKey } from '../../src/model/labels.ts';

const labelsOf = (instance: string) => labelsFromRecord({ __name__: 'up', instance });
const targets = (...instances: readonly string[]) =>
  new Map(instances.map((instance) => [labelsKey(labelsOf(instance)), labelsOf(instance)]));

test('of many targets a few are chosen, the same in whatever order they are listed', () => {
  const chosen = chooseWitnesses(undefined, targets('d', 'b', 'a', 'c'));
  assert.deepEqual(chosen, ['a', 'b', 'c'].map(labelsOf));
  assert.deepEqual(chooseWitnesses(undefined, targets('a', 'c', 'b', 'd')), chosen);
});

test('those that served before stay while they are targets', () => {
  const before = ['b', 'x', 'd'].map(labelsOf);
  assert.deepEqual(chooseWitnesses(before, targets('a', 'b', 'c', 'd')), ['b', 'd', 'a'].map(labelsOf));
});

test('they stay while the targets are not known', () => {
  const before = [labelsOf('a')];
  assert.deepEqual(chooseWitnesses(before, undefined), before);
  assert.equal(chooseWitnesses(undefined, undefined), undefined);
});
