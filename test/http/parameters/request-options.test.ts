import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf } from '../../../src/http/parameters/form.ts';
import { readRequestOptions } from '../../../src/http/parameters/request-options.ts';

test('a choice of stores is refused, since it would not be heeded', () => {
  const form = formOf([['storeMatch[]', '{a="b"}']]);
  assert.throws(() => readRequestOptions(form), {
    kind: 'bad_data',
    message: /storeMatch\[\].*external labels/,
  });
});
