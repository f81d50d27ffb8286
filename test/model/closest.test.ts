import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closest } from '../../src/model/closest.ts';

const WORDS = ['http', 'log', 'query', 'endpoints', 'endpoint_timeout', 'refresh_interval'];

test('the word with the fewest letters to change is the one that was meant', () => {
  for (const [mistyped, meant] of [
    ['htp', 'http'],
    ['endpoint', 'endpoints'],
    ['endpoint_timeot', 'endpoint_timeout'],
    ['refresh-intervall', 'refresh_interval'],
    ['qeury', undefined],
    ['quer', 'query'],
    ['lag', 'log'],
    ['zzz', undefined],
    ['', undefined],
    ['discovery', undefined],
  ] as const)
    assert.equal(closest(mistyped, WORDS), meant, mistyped);
});
