import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';
import { negotiateEncoding } from '../../src/http/content-encoding.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { answering, serverOver } from './support.ts';

const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate), zstd: promisify(zstdDecompress) };

test('the best coding that the client accepts is taken', () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['deflate, GZIP', 'gzip'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip;q=0, deflate;q=0.5', 'deflate'],
    ['*', 'zstd'],
    ['*;q=0', undefined],
    ['zstd;q=0, *', 'gzip'],
  ];
  for (const [accept, encoding] of cases) assert.equal(negotiateEncoding(accept), encoding, accept);
});

function matrix(samples: number): Parameters<typeof answering>[0] {
  const columns = new SampleBuffer();
  for (let i = 0; i < samples; i++) columns.push(i * 1000, i / 7);
  return { kind: 'matrix', series: [{ labels: labelsFromRecord({ a: 'é' }), columns }] };
}

for (const samples of [100, 20_000]) {
  for (const coding of ['gzip', 'deflate', 'zstd'] as const) {
    test(`an answer of ${samples} samples is the same in ${coding}`, async () => {
      const server = serverOver(answering(matrix(samples)));
      const url = '/api/v1/query_range?query=a&start=0&end=1&step=1';
      const plain = await server.inject(url);
      const packed = await server.inject({ url, headers: { 'accept-encoding': coding } });
      assert.equal(packed.headers['content-encoding'], coding);
      assert.ok(packed.rawPayload.length < plain.rawPayload.length / 2);
      assert.deepEqual(await DECODERS[coding](packed.rawPayload), plain.rawPayload);
    });
  }
}

test('small answers are not compressed', async () => {
  const { headers } = await serverOver(answering(matrix(3))).inject({
    url: '/api/v1/query?query=a',
    headers: { 'accept-encoding': 'gzip' },
  });
  assert.equal(headers['content-encoding'], undefined);
  assert.ok(Number(headers['content-length']) > 0);
});
