import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { JsonCursor } from '../../../src/backend/prometheus/json-cursor.ts';
import { assertProperty } from '../../support/property.ts';

function cursorOf(text: string): JsonCursor {
  return new JsonCursor(Buffer.from(text));
}

test('numbers are the nearest float, as JSON.parse has them', () => {
  assertProperty(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(cursorOf(String(value)).number(), Number(String(value))));
      assert.ok(Object.is(cursorOf(`"${value}"`).number(), Number(String(value))));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('times in seconds become whole milliseconds', () => {
  assertProperty(
    fc.property(fc.integer({ min: -4_000_000_000_000, max: 4_000_000_000_000 }), (ms) => {
      assert.equal(cursorOf((ms / 1000).toFixed(3)).milliseconds(), ms);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

for (const [text, expected] of [
  ['"NaN"', NaN],
  ['"+Inf"', Infinity],
  ['"-Inf"', -Infinity],
  ['"-0"', -0],
  ['"1e-07"', 1e-7],
  ['"18446744073709551616"', 2 ** 64],
] as const)
  test(`the number ${text}`, () => {
    assert.ok(Object.is(cursorOf(text).number(), expected));
  });

test('any JSON value is stepped over as a whole', () => {
  assertProperty(
    fc.property(fc.json(), (text) => {
      const cursor = cursorOf(`${text}!`);
      cursor.skip();
      assert.equal(cursor.peek(), '!'.charCodeAt(0));
    }),
    { seed: 1 },
  );
});

test('strings are decoded as JSON.parse does', () => {
  assertProperty(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(cursorOf(JSON.stringify(text)).string(), text);
    }),
    { seed: 1, numRuns: 500 },
  );
});

for (const text of ['', '"abc', '"a\\', '[1,2', '{"a":', '{"a"', '[1 2]', '"1.2.3"', 'nul?'])
  test(`text that ends early or is broken is bad data: ${text}`, () => {
    assert.throws(
      () => {
        const cursor = cursorOf(text);
        if (text === '"1.2.3"') cursor.number();
        else cursor.skip();
        cursor.expect('.');
      },
      { name: 'EndpointError', kind: 'bad_data' },
    );
  });
