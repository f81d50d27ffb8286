import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { bug } from '../../../src/model/errors.ts';
import type { AggrChunk } from '../../../src/model/aggr-chunk.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { decodeChunk } from '../../../src/wire/chunk/decode.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import type { ChunkSeries } from '../../../src/select/series/chunk-set.ts';
import { CHUNK_FIXTURES } from '../../support/chunk-fixtures.ts';
import {
  scopeOf,
  REQUEST,
  columnsOf,
  columnsSeries,
  failingEndpoint,
  memoryEndpoint,
  messages,
  selectionOf,
  type Samples,
} from '../support.ts';

const EVERY_15_S: Samples = Array.from({ length: 300 }, (_, i) => [i * 15_000, i] as const);
const NONE: ReadonlySet<string> = new Set();
const REPLICA: ReadonlySet<string> = new Set(['__replica__']);

function chunkSeries(labels: Record<string, string>, samples: Samples): RawSeries {
  return {
    labels: labelsFromRecord(labels),
    data: { kind: 'chunks', chunks: encodeColumns(columnsOf(samples)) },
  };
}

function samplesOf(chunks: readonly AggrChunk[]): Samples {
  const buffer = new SampleBuffer();
  for (const { raw } of chunks) decodeChunk(raw ?? bug('no raw chunk'), buffer, -Infinity, Infinity);
  return Array.from({ length: buffer.length }, (_, i) => [buffer.t[i]!, buffer.v[i]!] as const);
}

function rawOf(chunks: readonly AggrChunk[]): readonly unknown[] {
  return chunks.map(({ raw }) => raw);
}

function named(series: Iterable<ChunkSeries>): readonly string[] {
  return Array.from(series, ({ labels }) => labels.join(' '));
}

describe('series as chunks', () => {
  const raw = chunkSeries({ __name__: 'm' }, EVERY_15_S);
  const rawChunks = raw.data.kind === 'chunks' ? raw.data.chunks : [];

  it('passes chunks on as they came where one replica has the series', async () => {
    const selection = selectionOf(memoryEndpoint('a', { shard: '0', __replica__: 'a' }, [raw]));
    const { series } = await selection.chunks(scopeOf({ dedup: false, withoutLabels: [...NONE] }), REQUEST);
    assert.deepEqual(named(series), ['__name__ m __replica__ a shard 0']);
    assert.deepEqual(rawOf(series.at(0)!.read()), rawChunks);
  });

  it('leaves chunks outside of the range out', async () => {
    const selection = selectionOf(memoryEndpoint('a', { shard: '0' }, [raw]));
    const request = { ...REQUEST, minTime: 120 * 15_000, maxTime: 130 * 15_000 };
    const { series } = await selection.chunks(scopeOf({ dedup: false, withoutLabels: [...NONE] }), request);
    assert.deepEqual(rawOf(series.at(0)!.read()), [rawChunks[1]]);
  });

  it('shows each replica for itself where no label is hidden', async () => {
    const selection = selectionOf(
      memoryEndpoint('b', { shard: '0', __replica__: 'b' }, [raw]),
      memoryEndpoint('a', { shard: '0', __replica__: 'a' }, [raw]),
    );
    const { series } = await selection.chunks(scopeOf({ dedup: false, withoutLabels: [...NONE] }), REQUEST);
    assert.deepEqual(named(series), ['__name__ m __replica__ a shard 0', '__name__ m __replica__ b shard 0']);
  });

  it('makes one series of replicas whose label is hidden, and fills its holes', async () => {
    const withHole = EVERY_15_S.filter(([t]) => t < 1_000_000 || t > 2_000_000);
    const selection = selectionOf(
      memoryEndpoint('a', { shard: '0', __replica__: 'a' }, [chunkSeries({ __name__: 'm' }, withHole)]),
      memoryEndpoint('b', { shard: '0', __replica__: 'b' }, [raw]),
    );
    const { series } = await selection.chunks(
      scopeOf({ dedup: false, withoutLabels: [...REPLICA] }),
      REQUEST,
    );
    assert.deepEqual(named(series), ['__name__ m shard 0']);
    assert.deepEqual(samplesOf(series.at(0)!.read()), EVERY_15_S);
  });

  it('takes a hidden label for a replica label, whatever the server is configured to', async () => {
    const selection = selectionOf(
      memoryEndpoint('a', { shard: '0', host: 'a' }, [raw]),
      memoryEndpoint('b', { shard: '0', host: 'b' }, [raw]),
    );
    const { series } = await selection.chunks(
      scopeOf({ dedup: false, withoutLabels: [...new Set(['host'])] }),
      REQUEST,
    );
    assert.deepEqual(named(series), ['__name__ m shard 0']);
  });

  it('sorts by what is left of the labels', async () => {
    const selection = selectionOf(
      memoryEndpoint('1', { a_replica: 'x', shard: 'z' }, [raw]),
      memoryEndpoint('2', { a_replica: 'y', shard: 'a' }, [raw]),
    );
    const { series } = await selection.chunks(
      scopeOf({ dedup: false, withoutLabels: [...new Set(['a_replica'])] }),
      REQUEST,
    );
    assert.deepEqual(named(series), ['__name__ m shard a', '__name__ m shard z']);
  });

  it('encodes anew what came as samples, 120 in a chunk, and cuts it to the range', async () => {
    const endpoint = memoryEndpoint('a', { shard: '0' }, [columnsSeries({ __name__: 'm' }, EVERY_15_S)]);
    const request = { ...REQUEST, minTime: 15_000, maxTime: 250 * 15_000 };
    const { series } = await selectionOf(endpoint).chunks(
      scopeOf({ dedup: false, withoutLabels: [...NONE] }),
      request,
    );
    const chunks = series.at(0)!.read();
    assert.deepEqual(samplesOf(chunks), EVERY_15_S.slice(1, 251));
    assert.equal(chunks.length, 3);
  });

  it('merges overlapping chunks of one replica', async () => {
    const even = chunkSeries(
      { __name__: 'm' },
      EVERY_15_S.filter((_, i) => i % 2 === 0),
    );
    const odd = chunkSeries(
      { __name__: 'm' },
      EVERY_15_S.filter((_, i) => i % 2 === 1),
    );
    const { series } = await selectionOf(memoryEndpoint('a', {}, [even, odd])).chunks(
      scopeOf({ dedup: false, withoutLabels: [...NONE] }),
      REQUEST,
    );
    const chunks = series.at(0)!.read();
    assert.deepEqual(samplesOf(chunks), EVERY_15_S);
    assert.ok(chunks.every((chunk, i) => i === 0 || chunk.minTime > chunks[i - 1]!.maxTime));
  });

  describe('writes encodings anew that carry start timestamps, and keeps the samples', () => {
    for (const { name, encoding, data, samples } of CHUNK_FIXTURES.filter((each) => each.encoding > 3))
      it(name, async () => {
        const chunk = { encoding, minTime: 0, maxTime: 2e12, data: Buffer.from(data, 'base64') };
        const series: RawSeries = {
          labels: labelsFromRecord({ __name__: 'm' }),
          data: { kind: 'chunks', chunks: [chunk] },
        };
        const request = { ...REQUEST, maxTime: 2e12 };
        const selection = selectionOf(memoryEndpoint('a', {}, [series]));
        const set = await selection.chunks(scopeOf({ dedup: false, withoutLabels: [...NONE] }), request);
        const [before, after] = [new SampleBuffer(), new SampleBuffer()];
        decodeChunk(chunk, before, -Infinity, Infinity);
        for (const { raw } of set.series.at(0)!.read()) {
          assert.ok([1, 2, 3].includes(raw!.encoding), `encoding ${raw!.encoding}`);
          decodeChunk(raw!, after, -Infinity, Infinity);
        }
        assert.equal(after.length, samples);
        assert.deepEqual(after.t.subarray(0, samples), before.t.subarray(0, samples));
        assert.deepEqual(after.v.subarray(0, samples), before.v.subarray(0, samples));
        assert.deepEqual(
          after.h?.toArray().map((histogram) => histogram && { ...histogram, resetHint: 0 }),
          before.h?.toArray().map((histogram) => histogram && { ...histogram, resetHint: 0 }),
        );
      });
  });

  it('warns of a lost shard, or fails where that was asked for', async () => {
    const selection = selectionOf(
      memoryEndpoint('a', { shard: '0' }, [raw]),
      failingEndpoint('b', { shard: '1' }),
    );
    const { annotations, series } = await selection.chunks(
      scopeOf({ dedup: false, withoutLabels: [...NONE] }),
      REQUEST,
    );
    assert.equal(series.length, 1);
    assert.match(messages(annotations).join(), /warning: shard {shard="1"} is missing/);
    await assert.rejects(
      selection.chunks(scopeOf({ partialResponse: false, dedup: false, withoutLabels: [...NONE] }), REQUEST),
      /shard {shard="1"} is missing/,
    );
  });
});
