import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueryValue } from '../../../../src/engine/answer.ts';
import { toChunks } from '../../../../src/http/chunks.ts';
import { encodeValue } from '../../../../src/http/routes/query/encode-value.ts';
import {
  CUSTOM_BUCKETS_SCHEMA,
  NO_BUCKETS,
  NO_CUSTOM_VALUES,
  ResetHint,
  type FloatHistogram,
} from '../../../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { SampleBuffer } from '../../../../src/model/sample-columns.ts';

const up = labelsFromRecord({ __name__: 'up' });

const exponential: FloatHistogram = {
  schema: 0,
  resetHint: ResetHint.unknown,
  count: 10,
  sum: 3.5,
  zeroThreshold: 0.001,
  zeroCount: 1,
  positive: { index: Int32Array.of(-9, 0, 1), count: Float64Array.of(3, 0, 2) },
  negative: { index: Int32Array.of(-9, 1), count: Float64Array.of(2, 2) },
  customValues: NO_CUSTOM_VALUES,
};

const custom: FloatHistogram = {
  ...exponential,
  schema: CUSTOM_BUCKETS_SCHEMA,
  zeroThreshold: 0,
  zeroCount: 0,
  positive: { index: Int32Array.of(0, 1, 2), count: Float64Array.of(1, 2, 3) },
  negative: NO_BUCKETS,
  customValues: Float64Array.of(0.5, 1),
};

const EXPONENTIAL =
  '{"count":"10","sum":"3.5","buckets":[[1,"-2","-1","2"],[1,"-0.001953125","-0.001","2"],' +
  '[3,"-0.001","0.001","1"],[0,"0.001","0.001953125","3"],[0,"1","2","2"]]}';

function encoded(value: QueryValue): string {
  return Buffer.concat([...toChunks(encodeValue(value))]).toString();
}

test('scalars and strings', () => {
  assert.equal(
    encoded({ kind: 'scalar', t: 1_795_392_562_100, v: 1e21 }),
    '"resultType":"scalar","result":[1795392562.1,"1000000000000000000000"]',
  );
  assert.equal(
    encoded({ kind: 'string', t: 1000, value: 'a<b' }),
    String.raw`"resultType":"string","result":[1,"a\u003cb"]`,
  );
});

test('vectors hold floats and histograms', () => {
  const samples = [
    { labels: up, t: 1500, v: Number.NaN, h: undefined },
    { labels: labelsFromRecord({}), t: 2000, v: 0, h: exponential },
  ];
  assert.equal(
    encoded({ kind: 'vector', samples }),
    '"resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[1.500,"NaN"]},' +
      `{"metric":{},"histogram":[2,${EXPONENTIAL}]}]`,
  );
  assert.equal(encoded({ kind: 'vector', samples: [] }), '"resultType":"vector","result":[]');
});

test('the first custom bucket includes its lower end, and the last one is open', () => {
  const text = encoded({ kind: 'vector', samples: [{ labels: up, t: 0, v: 0, h: custom }] });
  assert.match(text, /"buckets":\[\[3,"-Inf","0.5","1"\],\[0,"0.5","1","2"\],\[0,"1","\+Inf","3"\]\]/);
});

test('a histogram without observations has no buckets', () => {
  const empty = {
    ...exponential,
    count: 0,
    sum: 0,
    zeroCount: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
  };
  const text = encoded({ kind: 'vector', samples: [{ labels: up, t: 0, v: 0, h: empty }] });
  assert.match(text, /"histogram":\[0,\{"count":"0","sum":"0"\}\]/);
});

test('series of a matrix show floats first, then histograms, and only the samples that count', () => {
  const mixed = new SampleBuffer(8);
  mixed.push(1000, 1);
  mixed.pushHistogram(2000, exponential);
  mixed.push(3000, -0);
  const floats = new SampleBuffer(8);
  floats.push(1000, 0.5);
  const series = [
    { labels: up, columns: mixed },
    { labels: labelsFromRecord({ a: 'b' }), columns: floats },
  ];
  assert.equal(
    encoded({ kind: 'matrix', series }),
    '"resultType":"matrix","result":[' +
      `{"metric":{"__name__":"up"},"values":[[1,"1"],[3,"-0"]],"histograms":[[2,${EXPONENTIAL}]]},` +
      '{"metric":{"a":"b"},"values":[[1,"0.5"]]}]',
  );
});

test('long series come in several pieces that make up the same JSON', () => {
  const columns = new SampleBuffer();
  for (let i = 0; i < 5000; i++) columns.push(i * 15_000, i / 3);
  let text = '';
  let pieces = 0;
  for (const piece of encodeValue({ kind: 'matrix', series: [{ labels: up, columns }] })) {
    assert.ok(piece.length < 13_000, String(piece.length));
    text += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
    pieces++;
  }
  assert.ok(pieces > 10);
  const { result } = JSON.parse(`{${text}}`) as {
    result: readonly [{ readonly values: readonly (readonly [number, string])[] }];
  };
  const { values } = result[0];
  assert.equal(values.length, 5000);
  assert.ok(values.every(([t, v], i) => t === i * 15 && Number(v) === i / 3));
});
