import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ListScanner } from '../../../../src/backend/prometheus/item-lists/list-scanner.ts';
import { SeriesItems } from '../../../../src/backend/prometheus/item-lists/series-items.ts';
import { labelsFromRecord, labelsToRecord } from '../../../../src/model/labels.ts';
import { PackedSeries } from '../../../../src/wire/batch/lists/packed-series.ts';
import { assertProperty } from '../../../support/property.ts';

function scan(body: Uint8Array, ...cuts: readonly number[]): readonly Readonly<Record<string, string>>[] {
  const series = new PackedSeries();
  const items = new SeriesItems(series, () => new Error('no series'));
  const scanner = new ListScanner(items);
  let from = 0;
  for (const cut of [...cuts.map((one) => one % (body.length + 1)).sort((a, b) => a - b), body.length]) {
    scanner.push(body.subarray(from, cut));
    from = cut;
  }
  scanner.end();
  return Array.from(series, labelsToRecord);
}

const scanList = (list: string): ReturnType<typeof scan> => scan(Buffer.from(`{"data":${list}}`));

const text = fc.oneof(
  fc.constantFrom('a', 'b', 'job', 'ä', '😀', '{', '}', ',', ']', '"', '\\', '\n', '\u2028'),
  fc.string({ maxLength: 4, unit: 'grapheme' }),
);
/** V8 takes an escaped character that is a name for a backslash, where an object before had that for a name in the same place. */
const name = text.filter((one) => one !== '' && one !== '\\');

test('series are those that JSON.parse finds, wherever the answer is cut into parts', () => {
  const series = fc.array(fc.array(fc.tuple(name, text), { maxLength: 5 }), { maxLength: 8 });
  const space = fc.constantFrom(undefined, 1);
  assertProperty(
    fc.property(series, space, fc.array(fc.nat(), { maxLength: 9 }), (sets, indent, cuts) => {
      const data = sets.map((pairs) => Object.fromEntries(pairs));
      const body = Buffer.from(JSON.stringify({ status: 'success', data }, undefined, indent));
      const expected = data.map((record) => labelsToRecord(labelsFromRecord(record)));
      assert.deepEqual(scan(body, ...cuts), expected);
    }),
    { seed: 55, numRuns: 500 },
  );
});

test('labels come in order, of a name that comes again the last one counts, and empty ones are left out', () => {
  assert.deepEqual(scanList('[{"b":"1","a":"2","b":"3"},{"a":"x","a":""},{"a":""}]'), [
    { a: '2', b: '3' },
    {},
    {},
  ]);
});

test('bytes that are no UTF-8, and halves of characters, are replaced', () => {
  const body = Buffer.concat([Buffer.from('{"data":[{"a":"x'), Buffer.from([0xff]), Buffer.from('"}]}')]);
  assert.deepEqual(scan(body), [{ a: 'x\ufffd' }]);
  assert.deepEqual(scanList(String.raw`[{"a":"x\ud800"}]`), [{ a: 'x\ufffd' }]);
});

test('what is no list of series is refused', () => {
  for (const list of ['[1]', '["a"]', '[[]]', '[{"a":1}]', '[{"a":{"b":"c"}}]', '[{},]', '[,{}]', '[null]'])
    assert.throws(() => scanList(list), /^Error: no series$/, list);
  const broken: Readonly<Record<string, RegExp>> = {
    '[{} {}]': /expected , from byte 12 on/,
    '[{"a":"b"': /expected ] from byte 18 on; it may have been cut on the way/,
    '[{"a""b"}]': /expected a valid object from byte 9 on/,
    '[{"":"b"}]': /a series has a label without a name/,
  };
  for (const [list, message] of Object.entries(broken))
    assert.throws(() => scanList(list), { kind: 'bad_data', message }, list);
});

test('an object without an end is given up', () => {
  const endless = (part: string, message: RegExp): void => {
    const items = new SeriesItems(new PackedSeries(), () => new Error('no series'));
    const scanner = new ListScanner(items);
    scanner.push(Buffer.from('{"data":[{"a":"'));
    assert.throws(
      () => {
        for (;;) scanner.push(Buffer.from(part));
      },
      { kind: 'bad_data', message },
    );
  };
  endless('a'.repeat(1024 * 1024), /an object of at most 16777216 bytes/);
  endless('","a":"'.repeat(1000), /an object in a list has more than 10000 members/);
});
