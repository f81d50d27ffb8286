import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { negotiateEncoding } from '../../src/http/content-encoding.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { answering, serverOver } from './support.ts';

const DECODERS = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };

test('gzip is taken where a client accepts several codings equally', () => {
  const cases: readonly (readonly [
    client: string,
    accept: string | undefined,
    encoding: string | undefined,
  ])[] = [
    ['Chrome, Edge, Firefox, and Grafana that sends their header on', 'gzip, deflate, br, zstd', 'gzip'],
    ['Safari', 'gzip, deflate, br', 'gzip'],
    ['curl --compressed', 'deflate, gzip, br, zstd', 'gzip'],
    ["Go's http.Transport, Prometheus", 'gzip', 'gzip'],
    ['Python requests', 'gzip, deflate', 'gzip'],
    ['Python requests with zstandard', 'gzip, deflate, br, zstd', 'gzip'],
    ['aiohttp', 'gzip, deflate, zstd', 'gzip'],
    ['undici', 'br, gzip, deflate', 'gzip'],
    ['axios', 'gzip, compress, deflate, br', 'gzip'],
    ['Java, wget', 'identity', undefined],
    ['curl', undefined, undefined],
  ];
  for (const [client, accept, encoding] of cases) assert.equal(negotiateEncoding(accept), encoding, client);
});

test('the coding with the largest weight is taken', () => {
  const cases: readonly (readonly [accept: string, encoding: string | undefined])[] = [
    ['', undefined],
    ['zstd', 'zstd'],
    ['GZIP;Q=0.5', 'gzip'],
    ['zstd, gzip;q=0.9', 'zstd'],
    ['gzip;q=0.8, zstd;q=0.9', 'zstd'],
    ['gzip;q=0.8, zstd;q=0.8', 'gzip'],
    ['gzip;q=0, zstd;q=0.001', 'zstd'],
    ['gzip;q=0', undefined],
    ['*', 'gzip'],
    ['*;q=0', undefined],
    ['gzip;q=0, *', 'zstd'],
    ['gzip;q=0.2, *;q=0.3', 'zstd'],
    ['zstd, *;q=0', 'zstd'],
    ['identity;q=0.5, gzip;q=0.2', undefined],
    ['identity, gzip', 'gzip'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['br, deflate', undefined],
  ];
  for (const [accept, encoding] of cases) assert.equal(negotiateEncoding(accept), encoding, accept);
});

test('deflate is never taken, since clients differ in what it is', () => {
  assert.equal(negotiateEncoding('deflate'), undefined);
  assert.equal(negotiateEncoding('deflate, gzip;q=0.1'), 'gzip');
});

test('a list of any length is answered, but not read', () => {
  assert.equal(negotiateEncoding(`gzip,${' '.repeat(900)}br`), 'gzip');
  assert.equal(negotiateEncoding(`gzip,${'br,'.repeat(300_000)}`), undefined);
});

test('what is no weight allows nothing', () => {
  for (const weight of ['x', '-1', '2', 'NaN', '0,5'])
    assert.equal(negotiateEncoding(`zstd;q=${weight}`), undefined, weight);
  assert.equal(negotiateEncoding('gzip;q = 0'), undefined);
  assert.equal(negotiateEncoding('__proto__, constructor;q=1, ;;;, =,'), undefined);
});

function matrix(samples: number): Parameters<typeof answering>[0] {
  const columns = new SampleBuffer();
  for (let i = 0; i < samples; i++) columns.push(i * 1000, i / 7);
  return { kind: 'matrix', series: [{ labels: labelsFromRecord({ a: 'é' }), columns }] };
}

for (const samples of [100, 20_000]) {
  for (const coding of ['gzip', 'zstd'] as const) {
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
