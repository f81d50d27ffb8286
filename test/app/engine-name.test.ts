import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineName } from '../../src/app/engine-name.ts';

test('gateways of one version evaluate alike where they have the same features, in any order', () => {
  assert.equal(engineName('1.2.3', ['b', 'a', 'b']), engineName('1.2.3', ['a', 'b']));
  assert.notEqual(engineName('1.2.3', ['a']), engineName('1.2.3', []));
  assert.notEqual(engineName('1.2.3', []), engineName('1.2.4', []));
});
