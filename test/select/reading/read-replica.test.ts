import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import type { EncodedChunk } from '../../../src/model/chunk.ts';
import type { RawData } from '../../../src/model/raw-data.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { ReadScratch, readReplica } from '../../../src/select/reading/read-replica.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { columnsOf } from '../support.ts';
import { assertProperty } from '../../support/property.ts';

/** A run of samples as one piece, in chunks or as columns. Values depend on the time alone, so runs agree. */
const piece: fc.Arbitrary<{ readonly times: readonly number[]; readonly data: RawData }> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([unsorted, asChunks, perChunk]) => {
    const times = unsorted.map((t) => t * 1000).sort((a, b) => a - b);
    const columns = columnsOf(times.map((t) => [t, t / 7]));
    const data: RawData = asChunks
      ? { kind: 'chunks', chunks: encodeColumns(columns, perChunk) }
      : { kind: 'columns', columns };
    return { times, data };
  });

test('pieces and chunks that overlap in any way give the union of their samples, strictly ascending', () => {
  const target = new SampleBuffer();
  const scratch = new ReadScratch();
  assertProperty(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      readReplica(
        pieces.map(({ data }) => data),
        -Infinity,
        Infinity,
        target,
        scratch,
      );
      const expected = [...new Set(pieces.flatMap(({ times }) => times))].sort((a, b) => a - b);
      assert.deepEqual([...target.t.subarray(0, target.length)], expected);
      assert.deepEqual(
        [...target.v.subarray(0, target.length)],
        expected.map((t) => t / 7),
      );
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('the order in which pieces arrive does not matter, even where they disagree', () => {
  const pieces: readonly RawData[] = [
    [
      [1000, 1],
      [2000, NaN],
    ] as const,
    [
      [1000, 3],
      [3000, 3],
    ] as const,
    [
      [1000, 2],
      [2000, 5],
    ] as const,
  ].map((samples) => ({ kind: 'chunks', chunks: encodeColumns(columnsOf(samples)) }));
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
  ]) {
    const target = new SampleBuffer();
    readReplica(
      order.map((i) => pieces[i]!),
      0,
      9000,
      target,
      new ReadScratch(),
    );
    assert.deepEqual([...target.v.subarray(0, target.length)], [3, 5, 3]);
  }
});

test('very many chunks that overlap or come in any order take no more than their time', () => {
  const COUNT = 30_000;
  const chunkAt = (...times: readonly number[]): EncodedChunk => {
    const buffer = new SampleBuffer();
    for (const t of times) buffer.push(t, t);
    return encodeColumns(buffer)[0]!;
  };
  const falling = Array.from({ length: COUNT }, (_, i) => chunkAt(COUNT - i));
  const crossing = Array.from({ length: COUNT }, (_, i) => chunkAt(i, 1_000_000 + i));
  for (const chunks of [falling, crossing]) {
    const target = new SampleBuffer();
    const began = process.cpuUsage();
    readReplica([{ kind: 'chunks', chunks }], -Infinity, Infinity, target, new ReadScratch());
    const { user } = process.cpuUsage(began);
    const expected = chunks === falling ? COUNT : 2 * COUNT;
    assert.equal(target.length, expected);
    for (let i = 1; i < expected; i++) assert.ok(target.t[i]! > target.t[i - 1]!);
    assert.ok(user < 1_500_000, `${user / 1e6} s`);
  }
});
