import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readListed } from '../../../src/cluster/discovery/listed-files.ts';
import { LONG_YAML } from '../../../src/model/own-thread.ts';
import { turnsUntil } from '../../support/turns-until.ts';

/** Two files of so many lists each. */
function filesOf(count: number) {
  const textOf = (name: string): string =>
    Array.from({ length: count }, (_, i) => `- targets: [${name}-${i}:1]\n`).join('');
  return {
    path: '*.yml',
    texts: ['a', 'b'].map((name) => [`${name}.yml`, textOf(name)] as const),
  };
}

test('long lists are read by another thread, as all short ones together are', async () => {
  const files = filesOf(LONG_YAML / 32);
  const { value, turns } = await turnsUntil(readListed(files));
  assert.ok(value.ok && value.value.length === LONG_YAML / 16);
  assert.deepEqual(value.value.at(-1), { address: 'b-127:1', serverName: undefined });
  assert.ok(turns > 10, `${turns} turns of the loop`);
});

test('what is wrong with a long one is said with its line', async () => {
  const { path, texts } = filesOf(LONG_YAML / 16);
  assert.deepEqual(await readListed({ path, texts: [...texts, ['c.yml', `${texts[0]![1]}- [`]] }), {
    ok: false,
    failure: 'cannot read endpoints from c.yml: it is no YAML or JSON: line 257 cannot be read',
  });
});

test('a short one is read here', async () => {
  const { value, turns } = await turnsUntil(readListed(filesOf(2)));
  assert.ok(value.ok && value.value.length === 4);
  assert.equal(turns, 0);
});
