import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatFloat } from '../../../src/model/format-decimal.ts';
import { MOST_NUMBERS, numberText } from '../../../src/wire/json/number-text.ts';
import { assertProperty } from '../../support/property.ts';

describe('the text of numbers', () => {
  it('has the digits of formatFloat, each number behind a comma', () => {
    const numbers = fc.array(fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 1e21, 5e-324)), {
      maxLength: MOST_NUMBERS,
    });
    assertProperty(
      fc.property(numbers, fc.nat(), (all, skipped) => {
        const from = Math.min(skipped, all.length);
        const text = Buffer.from(numberText(Float64Array.from(all), from, all.length)).toString();
        const expected = all.slice(from).map((value) => `,${formatFloat(value)}`);
        assert.equal(text, expected.join(''));
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  it('takes times in milliseconds', () => {
    const times = Float64Array.of(0, -1, 1_795_392_561_907, 8.64e15);
    assert.equal(Buffer.from(numberText(times, 0, 4)).toString(), ',0,-1,1795392561907,8640000000000000');
  });
});
