import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { compressSnappy } from '../../../src/wire/snappy.ts';
import { SAMPLED_TYPE, startFakePrometheus, STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { scopeWith } from '../../support/scopes.ts';
import { backendAt, backendFor, failureOf, SELECT_UP, valueOf } from './support.ts';

const LOOKUP = { matcherSets: [], minTime: -Infinity, maxTime: Infinity, limit: 0 };
/** A ReadResponse with one result, which is empty. */
const NO_SERIES = Uint8Array.of(0x0a, 0);
const NAMES = JSON.stringify({ status: 'success', data: ['a'] });

describe('an answer in an encoding that nobody asked for', () => {
  for (const encoding of ['gzip', 'GZIP', 'br', 'x-odd, gzip'])
    it(`is a failure that says so: ${encoding}`, async (t) => {
      const backend = await backendFor(t, ({ headers }, response) => {
        assert.equal(headers['accept-encoding'], 'identity');
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
        response.end(gzipSync(NAMES));
      });
      const { kind, reason } = failureOf(await backend.labelNames(scopeWith(), LOOKUP));
      assert.equal(kind, 'bad_data');
      assert.equal(
        reason,
        `it answered with Content-Encoding ${encoding.toLowerCase()}, although the request asked for none; ` +
          'change that at the server, or at what stands in front of it',
      );
    });

  it('is one for a stream as well', async (t) => {
    const server = await startFakePrometheus({
      '/api/v1/read': (_, response) => {
        response.writeHead(200, { 'content-type': STREAMED_TYPE, 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(100)));
      },
    });
    t.after(() => server.close());
    const { reason } = failureOf(await backendAt(t, server.url).select(scopeWith(), SELECT_UP));
    assert.match(reason, /^it answered with Content-Encoding gzip, although/);
  });

  it('is none where it is named and changes nothing', async (t) => {
    const backend = await backendFor(t, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'Identity' });
      response.end(NAMES);
    });
    assert.deepEqual(valueOf(await backend.labelNames(scopeWith(), LOOKUP)).items, ['a']);
  });

  it('is none for samples of remote read, which are in snappy always', async (t) => {
    const server = await startFakePrometheus({
      '/api/v1/read': (_, response) => {
        response.writeHead(200, { 'content-type': SAMPLED_TYPE, 'content-encoding': 'snappy' });
        response.end(compressSnappy(NO_SERIES));
      },
    });
    t.after(() => server.close());
    assert.equal(valueOf(await backendAt(t, server.url).select(scopeWith(), SELECT_UP)).series.length, 0);
  });
});
