import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  EMPTY_LABELS,
  labelsFrom,
  labelsFromRecord,
  mergeLabels,
  type Labels,
} from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { ChunkColumns } from '../../../src/wire/batch/chunk-columns.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { MessageFormatError } from '../../../src/wire/message-format-error.ts';
import { NO_PAUSE } from '../../support/pace.ts';
import { assertProperty } from '../../support/property.ts';

const LABELS: fc.Arbitrary<Labels> = fc
  .array(fc.tuple(fc.constantFrom('__name__', 'a', 'b', 'job', 'é'), fc.constantFrom('x', 'y', '€')))
  .map((pairs) => labelsFrom(pairs));

interface Chunk {
  readonly encoding: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly data: Uint8Array;
}

const CHUNK: fc.Arbitrary<Chunk> = fc.record({
  encoding: fc.constantFrom(1, 2, 6, 254, 255, 70_000),
  minTime: fc.constantFrom(-1e12, 0, 2 ** 53),
  maxTime: fc.constantFrom(0, 1e15),
  data: fc.uint8Array({ maxLength: 90 }),
});

/** Adds a series as a reader of messages does. */
function addPiece(batch: SeriesBatch, labels: readonly string[], chunks: readonly Chunk[]): void {
  for (let i = 0; i < labels.length; i += 2) {
    const bytes = Buffer.from(labels[i]! + labels[i + 1]!);
    const nameLength = Buffer.byteLength(labels[i]!);
    const { guess } = batch;
    batch.addLabel(batch.table.id(bytes, 0, nameLength, nameLength, bytes.length - nameLength, guess));
  }
  for (const { encoding, minTime, maxTime, data } of chunks)
    batch.addChunk(encoding, minTime, maxTime, data, 0, data.length);
  batch.endSeries();
}

function plain({ encoding, minTime, maxTime, data }: Chunk): unknown {
  return [encoding, minTime, maxTime, [...data]];
}

function samples(count: number): Uint8Array {
  return Uint8Array.of(count >> 8, count & 0xff);
}

describe('a batch of series', () => {
  it('keeps its first columns apart: those that outgrow them write over no others', () => {
    const batch = new SeriesBatch();
    const chunk = (minTime: number): Chunk => ({
      encoding: 1,
      minTime,
      maxTime: minTime + 1,
      data: samples(2),
    });
    const labelsOf = (i: number): readonly string[] =>
      i === 0 ? [] : Array.from({ length: i % 7 }, (_, n) => [`l${n}`, `v${i}`]).flat();
    const wanted: unknown[] = [];
    for (let i = 0; i < 300; i++) {
      const chunks = i % 5 === 0 ? [chunk(i)] : [chunk(i), chunk(i + 2)];
      const labels = [`i`, `${i}`, ...labelsOf(i)];
      addPiece(batch, i === 0 ? [] : labels, chunks);
      wanted.push([i === 0 ? [] : labels, chunks.map(plain)]);
    }
    batch.trim();
    const found = wanted.map((_, i) => [[...batch.labels(i)], batch.chunks(i).map(plain)]);
    assert.deepEqual(found, wanted);
  });

  it('gives back what was put in, pieces under the same labels as one', () => {
    assertProperty(
      fc.property(fc.array(fc.tuple(LABELS, fc.array(CHUNK, { minLength: 1, maxLength: 4 }))), (pieces) => {
        const batch = new SeriesBatch();
        const expected: { labels: Labels; chunks: Chunk[] }[] = [];
        for (const [labels, chunks] of pieces) {
          addPiece(batch, labels, chunks);
          const last = expected.at(-1);
          if (last !== undefined && last.labels.join('\0') === labels.join('\0')) last.chunks.push(...chunks);
          else expected.push({ labels, chunks: [...chunks] });
        }
        assert.equal(batch.length, expected.length);
        assert.deepEqual(
          [...batch].map(({ labels, data }) => [labels, data.kind === 'chunks' && data.chunks.map(plain)]),
          expected.map(({ labels, chunks }) => [labels, chunks.map(plain)]),
        );
      }),
      { seed: 5 },
    );
  });

  it('hands out copies of its chunks, wherever their bytes lie', () => {
    for (const size of [0, 1, 3, 1000, 4096, 2 ** 18, 2 ** 20, 2 ** 20 + 1]) {
      const batch = new SeriesBatch();
      const chunks = Array.from({ length: 12 }, (_, i) => ({
        encoding: 1,
        minTime: i,
        maxTime: i + 1,
        data: new Uint8Array(size).fill(i + 1),
      }));
      for (const part of [chunks.slice(0, 5), chunks.slice(5)])
        addPiece(batch, ['a', `${part.length}`], part);
      const copies = new ChunkColumns({ chunks: 12, bytes: 12 * size });
      for (const series of [0, 1]) batch.copyChunks(series, copies);
      assert.deepEqual(
        [...copies.minTimes],
        chunks.map(({ minTime }) => minTime),
      );
      assert.deepEqual(
        [...copies.sizes],
        chunks.map(({ data }) => data.length),
      );
      assert.ok(Buffer.concat(chunks.map(({ data }) => data)).equals(copies.bytes), `${size} bytes each`);
    }
  });

  it('lays labels over those of its series', async () => {
    await assertProperty(
      fc.asyncProperty(
        fc.array(LABELS, { minLength: 1 }),
        LABELS,
        fc.boolean(),
        async (all, extra, extraWins) => {
          const batch = new SeriesBatch();
          for (const labels of all) batch.add(labels, { kind: 'columns', columns: new SampleBuffer() });
          const expected = all.map((labels) =>
            extraWins ? mergeLabels(labels, extra) : mergeLabels(extra, labels),
          );
          await batch.overlay(extra, extraWins ? 'extra' : 'series', NO_PAUSE);
          assert.deepEqual(
            all.map((_, i) => batch.labels(i)),
            expected,
          );
        },
      ),
      { seed: 6 },
    );
  });

  it('sorts labels that come unsorted, and refuses a name that comes twice', () => {
    const batch = new SeriesBatch();
    const chunk = { encoding: 1, minTime: 0, maxTime: 0, data: samples(1) };
    addPiece(batch, ['b', '2', 'a', '1'], [chunk]);
    assert.deepEqual(batch.labels(0), ['a', '1', 'b', '2']);
    assert.throws(() => addPiece(batch, ['a', '1', 'a', '2'], [chunk]), MessageFormatError);
  });

  it('refuses series of more labels or chunks than any has', () => {
    const labels = new SeriesBatch();
    const id = labels.table.idOf('a', 'b');
    for (let i = 0; i < 10_000; i++) labels.addLabel(id);
    assert.throws(() => labels.addLabel(id), { message: 'a series has more than 10000 labels' });
    const chunks = new SeriesBatch();
    const nothing = new Uint8Array(0);
    for (let i = 0; i < 200_000; i++) chunks.addChunk(1, 0, 0, nothing, 0, 0);
    assert.throws(() => chunks.addChunk(1, 0, 0, nothing, 0, 0), {
      message: 'a series has more than 200000 chunks in one message',
    });
  });

  it('leaves series without chunks out', () => {
    const batch = new SeriesBatch();
    addPiece(batch, labelsFromRecord({ a: '1' }), []);
    assert.equal(batch.length, 0);
  });

  it('tells how dense a series is without decoding it', () => {
    const batch = new SeriesBatch();
    const chunk = (count: number, minTime: number, maxTime: number): Chunk => ({
      encoding: 1,
      minTime,
      maxTime,
      data: samples(count),
    });
    addPiece(batch, ['a', '1'], [chunk(120, 0, 100), chunk(80, 200, 300)]);
    batch.add(EMPTY_LABELS, { kind: 'columns', columns: new SampleBuffer() });
    const seen: (readonly number[])[] = [];
    const note = (...span: readonly number[]): number => seen.push(span);
    const extent = { first: Infinity, last: -Infinity, most: 0 };
    assert.equal(batch.addExtent(0, extent, note), 3);
    assert.deepEqual(seen, [
      [120, 100],
      [80, 100],
      [200, 300],
    ]);
    assert.deepEqual(extent, { first: 0, last: 300, most: 200 });
    assert.equal(batch.addExtent(1, extent, note), Infinity, 'columns have to be looked at');
    assert.equal(extent.last, Infinity);
  });

  it('counts the bytes of downsampled data and of samples that are no chunks', () => {
    const batch = new SeriesBatch();
    const data = new Uint8Array(1_000_000);
    const count = { encoding: 1, minTime: 0, maxTime: 1, data };
    const aggregates = { count, sum: undefined, min: undefined, max: undefined, counter: undefined };
    batch.addLabel(batch.table.idOf('a', '1'));
    batch.endSeries([{ minTime: 0, maxTime: 1, raw: undefined, aggregates }]);
    assert.ok(batch.bytes > 1_000_000, `${batch.bytes} bytes`);
    const before = batch.bytes;
    batch.replace(0, [{ kind: 'columns', columns: new SampleBuffer(100_000) }]);
    assert.ok(batch.bytes > before + 1_000_000);
    assert.equal(batch.downsampled(0), undefined);
  });

  it('takes little memory beside the bytes of the chunks', () => {
    const batch = new SeriesBatch();
    const data = new Uint8Array(20);
    for (let i = 0; i < 20_000; i++)
      addPiece(
        batch,
        ['__name__', 'm', '__replica__', 'a', 'instance', `host-${i}`, 'job', 'j', 'node', `n${i % 500}`],
        [{ encoding: 1, minTime: 0, maxTime: 1, data }],
      );
    const perSeries = batch.bytes / batch.length - data.length;
    assert.ok(perSeries < 150, `a series takes ${perSeries} bytes beside its chunk`);
  });
});
