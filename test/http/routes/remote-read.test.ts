import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request, type IncomingHttpHeaders } from 'node:http';
import type { InjectOptions } from 'fastify';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import type { RawQuery, ReadChunks } from '../../../src/gateway/raw/read.ts';
import { remark, type Remark } from '../../../src/model/annotations.ts';
import { QueryError } from '../../../src/model/errors.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { encodeReadRequest, type ReadQuery, ResponseType } from '../../../src/wire/remote-read/request.ts';
import { readSampledSeries } from '../../../src/wire/remote-read/sampled.ts';
import { compressSnappy, uncompressSnappy } from '../../../src/wire/snappy.ts';
import { decodeChunkedResponse } from '../../support/decode-messages.ts';
import { opening } from '../../support/open-requests.ts';
import { splitFrames } from '../../support/split-frames.ts';
import { columnsOf } from '../../select/support.ts';
import { listening, rawOf, serverOver } from '../support.ts';

const LABELS = labelsFromRecord({ __name__: 'up', job: 'ä' });
const COLUMNS = columnsOf([
  [1000, 1],
  [2000, 0],
]);
const QUERY: ReadQuery = { minTime: -5, maxTime: 9, matchers: [{ kind: '=', name: 'job', value: 'x' }] };

function posted(accepted: readonly number[], url = '/api/v1/read', queries: readonly ReadQuery[] = [QUERY]) {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    payload: encodeReadRequest({ queries, accepted }),
  } as const;
}

/** Sets of one series each. */
function setsOf(read: () => void, count = 1): ReadChunks['sets'] {
  return Array.from({ length: count }, () => ({
    annotations: [],
    series: [
      {
        labels: LABELS,
        read: () => {
          read();
          return encodeColumns(COLUMNS).map((raw) => ({ ...raw, raw, aggregates: undefined }));
        },
      },
    ],
  }));
}

describe('remote read', () => {
  it('streams chunks where the client accepts them first, with the number of the query', async () => {
    const asked: (readonly RawQuery[])[] = [];
    const server = serverOver({
      raw: rawOf({
        readChunks: async (_, queries) => {
          asked.push(queries);
          return { sets: setsOf(() => undefined, 2), annotations: [] };
        },
      }),
    });
    const { streamedChunks, samples } = ResponseType;
    const request = posted([streamedChunks, samples], '/api/v1/read', [QUERY, QUERY]);
    const answer = await server.inject({
      ...request,
      headers: { ...request.headers, 'accept-encoding': 'gzip' },
    });
    assert.equal(
      answer.headers['content-type'],
      'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse',
    );
    assert.equal(answer.headers['content-encoding'], undefined);
    assert.deepEqual(asked, [[QUERY, QUERY]]);
    const messages = splitFrames(answer.rawPayload).map((bytes) => decodeChunkedResponse(bytes));
    assert.deepEqual(
      messages.map(({ queryIndex, series }) => [queryIndex, series[0]!.labels]),
      [
        [0, LABELS],
        [1, LABELS],
      ],
    );
  });

  it('sends samples in snappy to all others, whatever type the body is said to have', async () => {
    const server = serverOver({
      raw: rawOf({
        readSamples: async (_, queries, sink) => {
          for (const _query of queries) {
            sink.addSeries({ labels: LABELS, columns: COLUMNS });
            sink.endQuery();
          }
          return { annotations: [] };
        },
      }),
    });
    const headers = [
      { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      {},
    ];
    for (const each of headers) {
      const answer = await server.inject({ ...posted([]), headers: each });
      assert.equal(answer.headers['content-type'], 'application/x-protobuf');
      assert.equal(answer.headers['content-encoding'], 'snappy');
      const [series, ...more] = readSampledSeries(uncompressSnappy(answer.rawPayload, 1000));
      assert.deepEqual([series!.labels, [...series!.columns.t], more.length], [LABELS, [1000, 2000], 0]);
    }
  });

  it('wants a whole answer unless the URL says otherwise, and then says in a header what is missing', async () => {
    const wishes: ReadWishes[] = [];
    const server = serverOver({
      open: opening(wishes),
      raw: rawOf({
        readChunks: async () => ({
          sets: setsOf(() => undefined),
          annotations: [remark('warning', 'shard x is missing')],
        }),
      }),
    });
    const streamed = [ResponseType.streamedChunks];
    await server.inject(posted(streamed));
    const { headers } = await server.inject(posted(streamed, '/api/v1/read?partial_response=true'));
    assert.deepEqual(
      wishes.map(({ partialResponse }) => partialResponse),
      [false, true],
    );
    assert.equal(headers['x-promweave-warnings'], '["shard x is missing"]');
  });

  for (const count of [2, 20_000])
    it(`says behind a stream of ${count} series what turned out to be missing, to clients that take trailers`, async (t) => {
      const late: Remark[] = [];
      const told: (boolean | undefined)[] = [];
      let reads = 0;
      const sets = setsOf(() => {
        if (++reads > count - 2) late.push(remark('warning', `series ${late.length} is damaged`));
      }, count);
      const port = await listening(t, {
        raw: rawOf({
          readChunks: async (_, __, isToldLate) => {
            told.push(isToldLate);
            return { sets, annotations: late };
          },
        }),
      });
      const { payload, headers } = posted([ResponseType.streamedChunks]);
      const { trailers, head } = await new Promise<{
        readonly trailers: NodeJS.Dict<string>;
        readonly head: IncomingHttpHeaders;
      }>((resolve, reject) => {
        const path = '/api/v1/read?partial_response=true';
        const options = {
          port,
          host: '127.0.0.1',
          path,
          method: 'POST',
          headers: { ...headers, te: 'trailers' },
        };
        request(options, (answer) => {
          answer.resume().on('end', () => resolve({ trailers: answer.trailers, head: answer.headers }));
        })
          .on('error', reject)
          .end(payload);
      });
      assert.deepEqual(told, [true]);
      assert.equal(head['x-promweave-warnings-follow'], 'trailer');
      assert.equal(head['x-promweave-warnings'], undefined);
      assert.deepEqual(trailers, {
        'x-promweave-warnings': '["series 0 is damaged","series 1 is damaged"]',
      });
    });

  it('refuses what it cannot read or answer', async () => {
    const server = serverOver({});
    const refused = async (request: InjectOptions): Promise<string> => {
      const { statusCode, body } = await server.inject(request);
      return `${statusCode} ${body}`;
    };
    assert.match(
      await refused(posted([7, 8])),
      /^400 server does not support any of the requested response types: 7, 8;/,
    );
    for (const payload of ['', 'hello', compressSnappy(Buffer.from([0xff]))])
      assert.match(await refused({ ...posted([]), payload }), /^400 the request cannot be read: /);
    assert.match(
      await refused({ ...posted([]), headers: { 'content-encoding': 'gzip' } }),
      /^415 the body of the request has the Content-Encoding "gzip", which is not read;/,
    );
  });

  it('says in a status what is known before the first byte', async () => {
    const missing = (): never => {
      throw new QueryError('unavailable', 'shard x is missing');
    };
    const server = serverOver({
      raw: rawOf({ readChunks: async () => ({ sets: setsOf(missing), annotations: [] }) }),
    });
    const { statusCode, body } = await server.inject(posted([ResponseType.streamedChunks]));
    assert.deepEqual([statusCode, body], [503, 'shard x is missing\n']);
  });

  it('breaks off where it shows later that something is missing', async (t) => {
    let reads = 0;
    const sets = setsOf(() => {
      if (++reads > 5000) throw new QueryError('unavailable', 'cannot be decoded');
    }, 10_000);
    const port = await listening(t, { raw: rawOf({ readChunks: async () => ({ sets, annotations: [] }) }) });
    const { payload } = posted([ResponseType.streamedChunks]);
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/read`, {
      method: 'POST',
      body: new Uint8Array(payload),
    });
    assert.equal(answer.status, 200);
    await assert.rejects(answer.arrayBuffer());
  });
});
