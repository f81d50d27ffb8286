import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageFormatError } from '../../src/wire/message-format-error.ts';
import { decodeQueryRequest } from '../../src/wire/store-api/query-request.ts';
import { decodeRulesRequest } from '../../src/wire/store-api/rules.ts';
import { decodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';

/** A message that repeats one field without content. */
function fields(tag: number, count: number): Uint8Array {
  return Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? tag : 0));
}

/** Field numbers with the wire type of what has a length. */
const CASES: Readonly<Record<string, readonly [decode: (bytes: Uint8Array) => unknown, tag: number]>> = {
  'replica labels': [decodeSeriesRequest, 0x72],
  matchers: [decodeSeriesRequest, 0x1a],
  hints: [decodeSeriesRequest, 0x62],
  'texts of a query': [decodeQueryRequest, 0x0a],
  'store matchers': [decodeQueryRequest, 0x32],
  'names of rules': [decodeRulesRequest, 0x1a],
};

describe('the fields of a request', () => {
  it('may be 10,000', () => {
    const { withoutReplicaLabels } = decodeSeriesRequest(fields(0x72, 10_000));
    assert.equal(withoutReplicaLabels.length, 10_000);
  });

  for (const [what, [decode, tag]] of Object.entries(CASES))
    it(`are refused beyond that: ${what}`, () => {
      assert.throws(
        () => decode(fields(tag, 10_001)),
        (thrown) => thrown instanceof MessageFormatError && /more than 10000 fields/.test(thrown.message),
      );
    });

  it('count at all depths', () => {
    // Labels of the grouping of the hints.
    const labels = fields(0x1a, 10_000);
    const length = [0x80 | (labels.length & 0x7f), 0x80 | ((labels.length >> 7) & 0x7f), labels.length >> 14];
    const grouping = Uint8Array.of(0x22, ...length, ...labels);
    const inner = grouping.length;
    const hints = Uint8Array.of(0x62, 0x80 | (inner & 0x7f), 0x80 | ((inner >> 7) & 0x7f), inner >> 14);
    assert.throws(() => decodeSeriesRequest(Buffer.concat([hints, grouping])), /more than 10000 fields/);
  });

  it('count each number of a packed list', () => {
    const aggregates = (count: number): Uint8Array =>
      Uint8Array.of(
        0x2a,
        0x80 | (count & 0x7f),
        0x80 | ((count >> 7) & 0x7f),
        count >> 14,
        ...Array(count).fill(1),
      );
    assert.doesNotThrow(() => decodeSeriesRequest(aggregates(9999)));
    assert.throws(() => decodeSeriesRequest(aggregates(10_000)), /more than 10000 fields/);
  });
});

describe('the texts of a request', () => {
  /** A matcher of a Series request: field 3, with its name and its value. */
  const matcher = (name: readonly number[], value: readonly number[]): Uint8Array => {
    const inner = [0x12, name.length, ...name, 0x1a, value.length, ...value];
    return Uint8Array.from([0x1a, inner.length, ...inner]);
  };

  it('are read where they are UTF-8, U+FFFD included', () => {
    const { matchers } = decodeSeriesRequest(matcher([0x61], [0xef, 0xbf, 0xbd]));
    assert.deepEqual(matchers, [{ kind: '=', name: 'a', value: '\ufffd' }]);
  });

  it('are refused where they are not, in names and in values', () => {
    const refusal = (thrown: unknown): boolean =>
      thrown instanceof MessageFormatError && thrown.message === 'a text of 2 bytes is no valid UTF-8';
    assert.throws(() => decodeSeriesRequest(matcher([0x61, 0xff], [0x62])), refusal);
    assert.throws(() => decodeSeriesRequest(matcher([0x61], [0x62, 0xc3])), refusal);
    assert.throws(() => decodeQueryRequest(Uint8Array.of(0x0a, 2, 0x61, 0xff)), refusal);
  });
});
