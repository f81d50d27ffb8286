import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { type FloatHistogram, ResetHint } from '../../src/model/histogram/float-histogram.ts';
import { HistogramColumn } from '../../src/model/histogram/histogram-column.ts';
import { type SampleColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { floatColumns, histogramColumns } from '../support/columns.ts';
import { exponential } from '../support/histograms.ts';
import { sampleWords } from '../support/sample-words.ts';
import { assertProperty } from '../support/property.ts';

const RUNS = { numRuns: 300, seed: 1 };

describe('encodeColumns', () => {
  it('gives floats that decode to the same bits', () => {
    assertProperty(
      fc.property(floatColumns, fc.integer({ min: 1, max: 200 }), (columns, perChunk) => {
        const chunks = encodeColumns(columns, perChunk);
        assert.deepEqual(wordsOf(decode(chunks)), wordsOf(columns));
        assert.equal(chunks.length, Math.ceil(columns.length / perChunk));
      }),
      RUNS,
    );
  });

  for (const integers of [true, false])
    it(`gives ${integers ? 'integer' : 'float'} histograms that decode to the same bits`, () => {
      assertProperty(
        fc.property(histogramColumns(integers), (columns) => {
          const chunks = encodeColumns(columns);
          assert.deepEqual(wordsOf(decode(chunks)), wordsOf(columns));
          const known = [
            ChunkEncoding.xor,
            ChunkEncoding[integers ? 'histogram' : 'floatHistogram'],
          ] as number[];
          // A set of float histograms may happen to have integer counts throughout.
          if (integers) assert.ok(chunks.every(({ encoding }) => known.includes(encoding)));
        }),
        RUNS,
      );
    });

  it('declares the first and the last timestamp of each chunk', () => {
    const chunks = encodeColumns(columnsOf([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]), 2);
    assert.deepEqual(
      chunks.map(({ minTime, maxTime }) => [minTime, maxTime]),
      [
        [1, 2],
        [3, 4],
        [5, 5],
      ],
    );
  });

  it('keeps a growing histogram in one chunk and says that it was not reset', () => {
    const chunks = encodeColumns(histograms([{ 1: 1 }, { 1: 2 }, { 1: 5 }]));
    assert.equal(chunks.length, 1);
    assert.deepEqual(hintsOf(decode(chunks)), [ResetHint.unknown, ResetHint.notReset, ResetHint.notReset]);
  });

  it('cuts a chunk where a count falls, so that nobody takes the sample for no reset', () => {
    const chunks = encodeColumns(histograms([{ 1: 9 }, { 1: 2 }]));
    assert.equal(chunks.length, 2);
    assert.deepEqual(hintsOf(decode(chunks)), [ResetHint.unknown, ResetHint.unknown]);
  });

  it('keeps gauge histograms gauges, whether they rise or fall', () => {
    const chunks = encodeColumns(histograms([{ 1: 9 }, { 1: 2 }, { 1: 3 }], ResetHint.gauge));
    assert.equal(chunks.length, 1);
    assert.deepEqual(hintsOf(decode(chunks)), [ResetHint.gauge, ResetHint.gauge, ResetHint.gauge]);
  });

  it('ends a histogram chunk with a stale marker', () => {
    const buffer = new SampleBuffer();
    buffer.pushHistogram(1000, exponential({ positive: { 1: 3 } }));
    buffer.push(2000, STALE_NAN);
    const chunks = encodeColumns(buffer);
    assert.deepEqual(
      chunks.map(({ encoding }) => encoding),
      [ChunkEncoding.histogram],
    );
    assert.deepEqual(wordsOf(decode(chunks)), wordsOf(buffer));
  });
});

function decode(chunks: readonly Parameters<typeof decodeChunk>[0][]): SampleBuffer {
  const buffer = new SampleBuffer();
  for (const chunk of chunks) decodeChunk(chunk, buffer, -Infinity, Infinity);
  return buffer;
}

/** Everything but the reset hints, of which a chunk keeps only some. */
function wordsOf(columns: SampleColumns): Uint8Array {
  const h = columns.h
    ?.toArray()
    .map((one): FloatHistogram | undefined => one && { ...one, resetHint: ResetHint.unknown });
  return sampleWords(
    {
      ...columns,
      length: columns.length,
      t: columns.t,
      v: columns.v,
      h: h && HistogramColumn.of(h),
      st: undefined,
    },
    { starts: false },
  );
}

function columnsOf(t: readonly number[], v: readonly number[]): SampleColumns {
  return { length: t.length, t: Float64Array.from(t), v: Float64Array.from(v), h: undefined, st: undefined };
}

function histograms(
  counts: readonly Record<number, number>[],
  resetHint: ResetHint = ResetHint.unknown,
): SampleBuffer {
  const buffer = new SampleBuffer();
  for (const [i, positive] of counts.entries())
    buffer.pushHistogram((i + 1) * 1000, exponential({ positive, resetHint }));
  return buffer;
}

function hintsOf({ h }: SampleBuffer): readonly (ResetHint | undefined)[] {
  return (h?.toArray() ?? []).map((one) => one?.resetHint);
}
