import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RingCache } from '../../src/shared-cache/ring-cache.ts';
import { MapCache } from '../support/map-cache.ts';

const KEYS = Array.from({ length: 3000 }, (_, i) => `key-${i}`);
const VALUE = Uint8Array.of(1);

/** A ring of servers with these names, and what each of them holds. */
function ringOf(...names: readonly string[]) {
  const members = names.map((name) => ({ name, cache: new MapCache() }));
  const ring = new RingCache(members);
  /** Which server has each key. */
  const owners = (): ReadonlyMap<string, string> => {
    for (const key of KEYS) ring.put(key, VALUE, 1000);
    return new Map(members.flatMap(({ name, cache }) => [...cache.values.keys()].map((key) => [key, name])));
  };
  return { ring, members, owners };
}

describe('a ring of servers', () => {
  test('parts keys about evenly', () => {
    const shares = Map.groupBy(ringOf('a:1', 'b:1', 'c:1').owners().values(), (name) => name);
    for (const [name, { length }] of shares)
      assert.ok(length > 700 && length < 1300, `${name} has ${length} of ${KEYS.length}`);
    assert.equal(shares.size, 3);
  });

  test('parts them in the same way in whatever order servers are named', () => {
    const [one, other] = [ringOf('a:1', 'b:1', 'c:1').owners(), ringOf('c:1', 'a:1', 'b:1').owners()];
    assert.deepEqual(
      KEYS.filter((key) => one.get(key) !== other.get(key)),
      [],
    );
  });

  test('moves no key between servers that stay where one goes', () => {
    const [before, after] = [ringOf('a:1', 'b:1', 'c:1').owners(), ringOf('a:1', 'c:1').owners()];
    const moved = KEYS.filter((key) => before.get(key) !== 'b:1' && before.get(key) !== after.get(key));
    assert.deepEqual(moved, []);
  });

  test('hands values out in the order of the keys, and none of a server that has none', async () => {
    const { ring, members } = ringOf('a:1', 'b:1');
    const some = KEYS.slice(0, 10);
    for (const [i, key] of some.entries()) ring.put(key, Uint8Array.of(i), 1000);
    members[0]!.cache.values.clear();
    const values = await ring.get(some);
    const here = some.map((key) => members[1]!.cache.values.has(key));
    assert.ok(here.includes(true) && here.includes(false));
    assert.deepEqual(
      values.map((value) => value?.[0]),
      some.map((_, i) => (here[i]! ? i : undefined)),
    );
  });
});
