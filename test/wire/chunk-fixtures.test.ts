import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { sampleWords } from '../support/sample-words.ts';

/**
 * Chunks that the appenders of Prometheus 3.14 (package tsdb/chunkenc) wrote, and what its iterators read from them,
 * laid out as {@link sampleWords} does.
 */
interface ChunkFixture {
  readonly name: string;
  readonly encoding: number;
  readonly data: string;
  readonly samples: number;
  readonly words: string;
}

const fixtures = JSON.parse(
  readFileSync(new URL('fixtures/chunks.json', import.meta.url), 'utf8'),
) as readonly ChunkFixture[];

describe('chunks that Prometheus wrote decode as Prometheus reads them', () => {
  for (const { name, encoding, data, samples, words } of fixtures)
    it(name, () => {
      const target = new SampleBuffer(1);
      const chunk = { encoding, minTime: 0, maxTime: 0, data: Buffer.from(data, 'base64') };
      decodeChunk(chunk, target, -Infinity, Infinity);
      assert.equal(target.length, samples);
      assert.equal(Buffer.from(sampleWords(target, { starts: true })).toString('base64'), words);
    });
});
