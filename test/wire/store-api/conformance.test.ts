import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { MessageFormatError } from '../../../src/wire/message-format-error.ts';
import { decodeInfoResponse } from '../../../src/wire/store-api/info.ts';
import {
  EMPTY_SERIES_REQUEST,
  decodeSeriesRequest,
  encodeSeriesRequest,
} from '../../../src/wire/store-api/series-request.ts';
import { type StoreSeries, encodeSeriesResponse } from '../../../src/wire/store-api/series-response.ts';
import { assertReadOrRefused, damaged } from '../../support/damaged.ts';
import { decodeSeriesResponse } from '../../support/decode-messages.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('a SeriesRequest', () => {
  it('without bytes has the defaults of proto3', () => {
    assert.deepEqual(decodeSeriesRequest(hex('')), EMPTY_SERIES_REQUEST);
    assert.equal(encodeSeriesRequest(EMPTY_SERIES_REQUEST).length, 0);
  });

  it('has negative numbers as varints of ten bytes', () => {
    assert.equal(decodeSeriesRequest(hex('08 ffffffffffffffffff01')).minTime, -1);
    assert.deepEqual(
      Buffer.from(encodeSeriesRequest({ ...EMPTY_SERIES_REQUEST, minTime: -1 })),
      hex('08 ffffffffffffffffff01'),
    );
  });

  it('has the ends of int64, and cuts what is beyond to them', () => {
    const bytes = hex('08 80808080808080808001 10 ffffffffffffffff7f');
    const { minTime, maxTime } = decodeSeriesRequest(bytes);
    assert.deepEqual([minTime, maxTime], [-(2 ** 63), 2 ** 63]);
    for (const [from, to] of [
      [minTime, maxTime],
      [-Infinity, Infinity],
    ] as const)
      assert.deepEqual(
        Buffer.from(encodeSeriesRequest({ ...EMPTY_SERIES_REQUEST, minTime: from, maxTime: to })),
        bytes,
      );
  });

  it('ignores fields that it does not know, of each wire type', () => {
    const unknown = 'a006 01  a106 0102030405060708  a206 02 0102  a506 01020304';
    assert.deepEqual(decodeSeriesRequest(hex(`${unknown} 4001 ${unknown}`)), {
      ...EMPTY_SERIES_REQUEST,
      skipChunks: true,
    });
  });

  it('takes aggregates packed, as it writes them, and one by one', () => {
    assert.deepEqual(decodeSeriesRequest(hex('2a 02 01 02')).aggregates, [1, 2]);
    assert.deepEqual(decodeSeriesRequest(hex('28 01 28 02')).aggregates, [1, 2]);
  });

  it('takes a field that comes twice for what it was last', () => {
    assert.equal(decodeSeriesRequest(hex('78 05 78 07')).limit, 7);
  });

  it('is refused with a wire type that does not fit and where it is cut off', () => {
    assert.throws(() => decodeSeriesRequest(hex('0a 00')), MessageFormatError);
    assert.throws(() => decodeSeriesRequest(hex('08')), MessageFormatError);
    assert.throws(() => decodeSeriesRequest(hex('1a 05 0801')), MessageFormatError);
  });
});

// labels { a: "b" }, one chunk from 1 to 2
const SERIES = '0a06 0a0161 120162  12 0e 0801 1002 1a08 0801 12020304 1805';

describe('a SeriesResponse', () => {
  it('holds one series, whose encoding is one less than that of Prometheus', () => {
    const [series] = seriesOf(hex(`0a 18 ${SERIES}`));
    assert.deepEqual(plain(series!), {
      labels: ['a', 'b'],
      chunks: [{ minTime: 1, maxTime: 2, raw: { encoding: 2, minTime: 1, maxTime: 2, data: [3, 4] } }],
    });
  });

  it('holds several series in a batch', () => {
    const bytes = hex(`22 34 0a18 ${SERIES} 0a18 ${SERIES}`);
    assert.deepEqual(
      seriesOf(bytes).map(({ labels, chunks }) => [labels, chunks.length]),
      [
        [['a', 'b'], 1],
        [['a', 'b'], 1],
      ],
    );
  });

  it('may be a warning, hints or something that is not known yet', () => {
    assert.deepEqual(decodeSeriesResponse(hex('12 02 6869')), { kind: 'warning', warning: 'hi' });
    assert.deepEqual(decodeSeriesResponse(hex('1a 06 0a0174 120109')), {
      kind: 'hints',
      hints: { typeUrl: 't', value: Buffer.from([9]) },
    });
    assert.deepEqual(decodeSeriesResponse(hex('2a 02 0101')), { kind: 'unknown' });
    assert.deepEqual(decodeSeriesResponse(hex('')), { kind: 'unknown' });
  });

  it('counts the last of two alternatives', () => {
    assert.equal(decodeSeriesResponse(hex(`0a18 ${SERIES} 12 02 6869`)).kind, 'warning');
  });

  it('has chunks whose time range comes last', () => {
    const [series] = seriesOf(hex('0a 0e 12 0c 1a06 0801 12020304 0801 1002'));
    const { raw } = series!.chunks[0]!;
    assert.deepEqual([raw!.minTime, raw!.maxTime], [1, 2]);
  });

  it('tells aggregates from raw chunks', () => {
    const chunk = (byte: number) => ({
      encoding: 1,
      minTime: 5,
      maxTime: 6,
      data: Uint8Array.of(byte, byte),
    });
    const aggregates = {
      count: chunk(1),
      sum: chunk(2),
      min: chunk(3),
      max: chunk(4),
      counter: chunk(5),
    };
    const bytes = encodeSeriesResponse({
      kind: 'series',
      series: [
        {
          labels: labelsFromRecord({ a: 'b' }),
          chunks: [{ minTime: 5, maxTime: 6, raw: undefined, aggregates }],
        },
      ],
    });
    const response = decodeSeriesResponse(bytes);
    assert.ok(response.kind === 'series');
    const [series] = response.series;
    assert.equal(series!.chunks.length, 1);
    assert.deepEqual(
      Object.entries(series!.chunks[0]!.aggregates!).map(([name, one]) => [name, one?.data[0], one?.minTime]),
      Object.entries(aggregates).map(([name, one]) => [name, one.data[0], 5]),
    );
  });

  it('comes back from bytes as it was', () => {
    const response = decodeSeriesResponse(hex(`22 34 0a18 ${SERIES} 0a18 ${SERIES}`));
    assert.ok(response.kind === 'series');
    assert.deepEqual(seriesOf(encodeSeriesResponse(response)).map(plain), response.series.map(plain));
  });

  it('is refused with texts that are no UTF-8', () => {
    assert.throws(() => decodeSeriesResponse(hex('0a 08 0a06 0a0161 1201ff')), MessageFormatError);
  });

  it('is refused with a MessageFormatError where it is damaged, if at all, and read without one otherwise', () => {
    const messages = [
      hex(`0a18 ${SERIES}`),
      hex(`22 34 0a18 ${SERIES} 0a18 ${SERIES}`),
      hex('1a 06 0a0174 120109'),
    ];
    let chunksRead = 0;
    assertReadOrRefused(
      damaged(fc.constantFrom(...messages)),
      (bytes) => {
        const response = decodeSeriesResponse(bytes);
        if (response.kind !== 'series') return;
        for (const series of response.series) {
          chunksRead += series.chunks.length;
        }
      },
      MessageFormatError,
      { numRuns: 2000, seed: 7 },
    );
    assert.ok(chunksRead > 500, `only ${chunksRead} chunks were read`);
  });
});

it('an InfoResponse without store has none, and an empty one is there', () => {
  assert.equal(decodeInfoResponse(hex('')).store, undefined);
  const { store, rules, targets } = decodeInfoResponse(hex('1a00 2200'));
  assert.equal(store?.maxTime, 0);
  assert.deepEqual([rules, targets], [true, false]);
});

function seriesOf(bytes: Uint8Array): readonly StoreSeries[] {
  const response = decodeSeriesResponse(bytes);
  assert.ok(response.kind === 'series');
  return response.series;
}

function plain({ labels, chunks }: StoreSeries): unknown {
  return {
    labels: [...labels],
    chunks: chunks.map(({ minTime, maxTime, raw }) => ({
      minTime,
      maxTime,
      raw: { ...raw, data: [...raw!.data] },
    })),
  };
}
