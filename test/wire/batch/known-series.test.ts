import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { labelsFrom, labelsFromRecord, type Labels } from '../../../src/model/labels.ts';
import { KnownSeries } from '../../../src/wire/batch/known-series.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { ProtoReader } from '../../../src/wire/protobuf/proto-reader.ts';
import { encodeChunkedFrames, readChunkedResponse } from '../../../src/wire/remote-read/streamed.ts';
import { assertProperty } from '../../support/property.ts';
import { splitFrames } from '../../support/split-frames.ts';

const ROOM = 1024 ** 2;

const TEXT = fc.constantFrom('', 'a', 'b', 'ab', 'größer', 'x'.repeat(150), 'y'.repeat(17_000));
const LABELS = fc
  .array(fc.tuple(fc.constantFrom('__name__', 'a', 'b', 'é'), TEXT), { maxLength: 4 })
  .map((pairs) => labelsFrom(pairs));

/** Reads an answer of these series, in pieces of a chunk where `frameBytes` is small. */
function read(all: readonly Labels[], known?: KnownSeries, frameBytes?: number): SeriesBatch {
  const batch = new SeriesBatch(known);
  const series = all.map((labels, i) => ({ labels, chunks: [chunk(i), chunk(i + 1)] }));
  for (const frame of encodeChunkedFrames(series, 0, frameBytes))
    for (const message of splitFrames(frame)) readChunkedResponse(new ProtoReader(message), batch);
  batch.trim();
  return batch;
}

function chunk(i: number) {
  return { encoding: 1, minTime: i * 100 - 50, maxTime: i * 100, data: Uint8Array.of(i, i, i) };
}

function plain(batch: SeriesBatch) {
  return Array.from({ length: batch.length }, (_, i) => [batch.labels(i), batch.chunks(i)]);
}

describe('label sets that are known', () => {
  it('change no answer, whatever came before and however much room there is', () => {
    assertProperty(
      fc.property(
        fc.array(fc.tuple(fc.array(LABELS, { maxLength: 12 }), fc.constantFrom(1, 1000)), { maxLength: 4 }),
        fc.constantFrom(0, 2000, 40_000, ROOM),
        (answers, room) => {
          const known = new KnownSeries(room);
          for (const [all, frameBytes] of answers)
            assert.deepEqual(plain(read(all, known, frameBytes)), plain(read(all, undefined, frameBytes)));
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it('are recognized in the next answer, in whatever order', () => {
    const all = Array.from({ length: 5000 }, (_, i) => labelsFromRecord({ __name__: 'x', pod: `pod-${i}` }));
    const known = new KnownSeries(ROOM);
    assert.deepEqual(read(all, known).recognition?.counts, { recognized: 0, unknown: 5000 });
    for (const again of [all, all.toReversed(), all.filter((_, i) => i % 3 === 0)]) {
      const batch = read(again, known);
      assert.deepEqual(batch.recognition?.counts, { recognized: again.length, unknown: 0 });
      assert.deepEqual(batch.labels(again.length - 1), again.at(-1));
    }
    assert.equal(known.length, 5000);
  });

  it('are no others that begin with the same labels', () => {
    const [short, long] = [labelsFromRecord({ a: 'x' }), labelsFromRecord({ a: 'x', b: 'y' })];
    const known = new KnownSeries(ROOM);
    for (const all of [[short], [long], [short, long], [long, short]])
      assert.deepEqual(plain(read(all, known)), plain(read(all)));
    assert.equal(known.length, 2);
  });

  it('are read in full where labels stand in an odd way', () => {
    const known = new KnownSeries(ROOM);
    const [a, b] = [labelMessage('a', 'x'), labelMessage('b', 'y')];
    const chunkFirst = [chunkMessage(), a, b];
    // The number of the field, 1, in two bytes.
    const oddly = [a, Uint8Array.of(0x8a, 0x00, ...b.subarray(1)), chunkMessage()];
    for (const parts of [
      [a, chunkMessage()],
      chunkFirst,
      oddly,
      [a, chunkMessage(), b],
      [a, b, chunkMessage()],
    ]) {
      const message = messageOf(parts);
      const [first, again, cold] = [known, known, undefined].map((memory) => {
        const batch = new SeriesBatch(memory);
        readChunkedResponse(new ProtoReader(message), batch);
        return plain(batch);
      });
      assert.deepEqual([first, again], [cold, cold]);
    }
  });

  it('take no more memory than they may, give or take an answer', () => {
    const known = new KnownSeries(100_000);
    const one = (round: number): Labels[] =>
      Array.from({ length: 500 }, (_, i) => labelsFromRecord({ pod: `${round} ${i}` }));
    for (let round = 0; !known.isFull; round++) {
      assert.ok(round < 100, 'never full');
      read(one(round), known);
    }
    assert.ok(known.bytes < 200_000, String(known.bytes));
    const { length } = known;
    const batch = read(one(1000), known);
    assert.equal(known.length, length);
    assert.equal(batch.recognition?.originOf(batch.length), undefined);
  });

  it('count for an answer by what it added', () => {
    const all = Array.from({ length: 1000 }, (_, i) => labelsFromRecord({ pod: `pod-${i}` }));
    const known = new KnownSeries(ROOM);
    const first = read(all, known).bytes;
    const again = read(all, known).bytes;
    assert.ok(first - again >= known.bytes - 10_000, `${first}, then ${again}, of ${known.bytes}`);
  });
});

function labelMessage(name: string, value: string): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(0x0a).fork().uint32(0x0a).string(name).uint32(0x12).string(value).ldelim();
  return writer.finish();
}

function chunkMessage(): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(0x12).fork().uint32(0x18).uint32(1).uint32(0x22).bytes(Uint8Array.of(0, 1)).ldelim();
  return writer.finish();
}

function messageOf(parts: readonly Uint8Array[]): Uint8Array {
  return protobuf.Writer.create().uint32(0x0a).bytes(Buffer.concat(parts)).finish();
}
