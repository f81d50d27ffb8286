import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { CHUNK_FIXTURES } from '../support/chunk-fixtures.ts';
import { sampleWords } from '../support/sample-words.ts';

describe('chunks that Prometheus wrote decode as Prometheus reads them', () => {
  for (const { name, encoding, data, samples, words } of CHUNK_FIXTURES)
    it(name, () => {
      const target = new SampleBuffer(1);
      const chunk = { encoding, minTime: 0, maxTime: 0, data: Buffer.from(data, 'base64') };
      decodeChunk(chunk, target, -Infinity, Infinity);
      assert.equal(target.length, samples);
      assert.equal(Buffer.from(sampleWords(target, { starts: true })).toString('base64'), words);
    });
});
