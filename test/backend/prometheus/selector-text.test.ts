import assert from 'node:assert/strict';
import { test } from 'node:test';

import { selectorText } from '../../../src/backend/prometheus/selector-text.ts';

for (const [name, matchers, expected] of [
  [
    'all kinds',
    [
      { kind: '=', name: 'a', value: 'b' },
      { kind: '!~', name: 'c', value: 'd|e' },
    ],
    '{a="b",c!~"d|e"}',
  ],
  [
    'quotes, backslashes and line breaks',
    [{ kind: '=', name: 'a', value: '"\\\n\r' }],
    String.raw`{a="\"\\\n\r"}`,
  ],
  [
    'a name outside of the classic set',
    [{ kind: '=', name: 'http.code"', value: 'é' }],
    String.raw`{"http.code\""="é"}`,
  ],
  ['no matcher', [], '{__name__=~".+"}'],
  [
    'only matchers that accept the empty string',
    [{ kind: '=', name: 'a', value: '' }],
    '{a="",__name__=~".+"}',
  ],
  [
    'a metric name with a colon',
    [{ kind: '=', name: '__name__', value: 'job:up:sum' }],
    '{__name__="job:up:sum"}',
  ],
] as const)
  test(`a selector of ${name}`, () => {
    assert.equal(selectorText(matchers), expected);
  });
