import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabelSets } from '../../../src/wire/batch/label-sets.ts';
import { LabelTable } from '../../../src/wire/batch/label-table.ts';
import { randomFrom } from '../../truth/random.ts';

/** Adds sets and compares each number with that of a map. */
function addAll(sets: LabelSets, ids: readonly number[], lists: Iterable<readonly number[]>): number {
  const numbers = new Map<string, number>();
  for (const list of lists) {
    const key = list.join(' ');
    for (const place of list) sets.push(ids[place]!);
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    assert.equal(sets.end(), known, key);
  }
  return numbers.size;
}

test('equal sets have one number, whenever they come while the slots grow', () => {
  const table = new LabelTable();
  const ids = Array.from({ length: 40 }, (_, i) => table.idOf(`n${i % 5}`, `v${i}`));
  const random = randomFrom(7);
  for (const expected of [0, 1, 100]) {
    const sets = new LabelSets(table, expected);
    const lists = Array.from({ length: 20_000 }, () =>
      Array.from({ length: Math.floor(random() * 4) }, () => Math.floor(random() * 40)),
    );
    const count = addAll(sets, ids, lists);
    assert.ok(count > 5000, `${count}`);
    assert.equal(sets.length, count);
  }
});

test('no more than half of the slots is in use, and full ones are freed once their sets went over', () => {
  const table = new LabelTable();
  const id = table.idOf('a', 'b');
  const sets = new LabelSets(table, 0);
  const bytes: number[] = [];
  for (let length = 0; length < 3000; length++) {
    for (let i = 0; i < length % 64; i++) sets.push(id);
    sets.push(table.idOf('n', String(length)));
    assert.equal(sets.end(), length);
    bytes[length] = sets.bytes;
  }
  // 2,049 sets have 8,192 slots, beside which the 4,096 before are there for an eighth of their sets.
  const slots = 4 * 4096;
  assert.ok(bytes[2048]! - bytes[2047]! >= 2 * slots, `${bytes[2047]} and then ${bytes[2048]}`);
  const drops = [...bytes.keys()].filter((at) => at > 0 && bytes[at]! < bytes[at - 1]!);
  assert.ok(
    drops.some((at) => at > 2048 && at <= 2048 + 2049 / 8 + 1),
    drops.join(),
  );
});
