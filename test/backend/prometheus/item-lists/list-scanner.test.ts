import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ListScanner } from '../../../../src/backend/prometheus/item-lists/list-scanner.ts';
import { TextItems } from '../../../../src/backend/prometheus/item-lists/text-items.ts';
import { assertProperty } from '../../../support/property.ts';

interface Scanned {
  readonly texts: readonly string[];
  readonly envelope: unknown;
}

function scan(body: Uint8Array, ...cuts: readonly number[]): Scanned {
  const items = new TextItems(() => new Error('no text'));
  const scanner = new ListScanner(items);
  let from = 0;
  for (const cut of [...cuts.map((one) => one % (body.length + 1)).sort((a, b) => a - b), body.length]) {
    scanner.push(body.subarray(from, cut));
    from = cut;
  }
  scanner.end();
  const envelope: unknown = JSON.parse(Buffer.concat([...scanner.envelope.take()]).toString());
  return { texts: [...items.texts], envelope };
}

const scanText = (text: string): Scanned => scan(Buffer.from(text));

/** Letters of a JSON text, also those that are escaped though they need not be. */
const letter = fc.oneof(
  fc.constantFrom('a', 'b', 'ä', '😀', String.raw`\"`, String.raw`\\`, String.raw`\n`, String.raw`\/`),
  fc.constantFrom(String.raw`\u00e4`, String.raw`\ud83d\ude00`, ']', ',', '{', ':'),
);
const literal = fc.array(letter, { maxLength: 8 }).map((letters) => `"${letters.join('')}"`);
const space = fc.constantFrom('', '', '', ' ', '\n\t');
const member = fc.tuple(
  fc.constantFrom('"status"', '"warnings"', '"dat"', '"data2"', '"a\\"data"'),
  fc.oneof(
    literal,
    fc.constantFrom('1', 'null', '["data"]', '{"data":["x"]}', '[{"data":["y"]},"data"]', '"data"'),
  ),
);

test('the list and its envelope are those that JSON.parse finds, wherever the answer is cut into parts', () => {
  const answer = fc
    .record({
      before: fc.array(member, { maxLength: 3 }),
      after: fc.array(member, { maxLength: 3 }),
      items: fc.array(literal),
      space,
    })
    .map(({ before, after, items, space: s }) => {
      const list = `"data"${s}:${s}[${s}${items.join(`${s},${s}`)}${s}]`;
      const members = [
        ...before.map((pair) => pair.join(`${s}:${s}`)),
        list,
        ...after.map((pair) => pair.join(':')),
      ];
      return `${s}{${s}${members.join(`${s},${s}`)}${s}}${s}`;
    });
  assertProperty(
    fc.property(answer, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
      const { texts, envelope } = scan(Buffer.from(text), ...cuts);
      const whole = JSON.parse(text) as { readonly data: readonly string[] };
      assert.deepEqual(texts, whole.data);
      assert.deepEqual(envelope, { ...whole, data: null });
    }),
    { seed: 54, numRuns: 500 },
  );
});

test('an answer in parts of one byte each is read right', () => {
  const text = String.raw`{"status":"success","data":["a","","\u00e4\"","😀"],"infos":["i"]}`;
  const body = Buffer.from(text);
  const { texts, envelope } = scan(body, ...body.keys());
  assert.deepEqual(texts, ['a', '', 'ä"', '😀']);
  assert.deepEqual(envelope, { status: 'success', data: null, infos: ['i'] });
});

test('bytes that are no UTF-8 are replaced, as a decoder does', () => {
  const body = Buffer.concat([Buffer.from('{"data":["a'), Buffer.from([0xff, 0xe4]), Buffer.from('b"]}')]);
  assert.deepEqual(scan(body).texts, ['a\ufffd\ufffdb']);
});

test('a second list stays in the envelope, where it shows that there are two', () => {
  const items = new TextItems(() => new Error('no text'));
  const scanner = new ListScanner(items);
  scanner.push(Buffer.from('{"data":["a"],"data":["b"]}'));
  scanner.end();
  const envelope = Buffer.concat([...scanner.envelope.take()]).toString();
  assert.equal(envelope, '{"data":null,"data":["b"]}');
});

test('what is no list of texts is refused', () => {
  for (const list of ['[1]', '["a",null]', '["a",]', '[{}]', '[[]]', '[,"a"]'])
    assert.throws(() => scanText(`{"data":${list}}`), /^Error: no text$/, list);
  const broken: Readonly<Record<string, RegExp>> = {
    '["a" "b"]': /expected , from byte 13 on/,
    '["a"}': /expected , from byte 12 on/,
    '["a",': /expected ] from byte 13 on; it may have been cut on the way/,
    '["a': /expected ] from byte 11 on/,
    '["\\x"]': /expected a valid text/,
    '["\n"]': /expected a valid text/,
  };
  for (const [list, message] of Object.entries(broken))
    assert.throws(() => scanText(`{"data":${list}`), { kind: 'bad_data', message }, list);
});

test('a text without an end is given up', () => {
  const items = new TextItems(() => new Error('no text'));
  const scanner = new ListScanner(items);
  scanner.push(Buffer.from('{"data":["'));
  const part = Buffer.alloc(1024 * 1024, 'a');
  assert.throws(
    () => {
      for (;;) scanner.push(part);
    },
    { kind: 'bad_data', message: /a text of at most 16777216 bytes/ },
  );
});
