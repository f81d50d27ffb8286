import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ChunkEncoding } from '../../../src/model/chunk.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { MAX_TIME, MIN_TIME } from '../../../src/model/time-range.ts';
import { SampleBuffer, copyColumns } from '../../../src/model/sample-columns.ts';
import { ResponseType, decodeReadRequest } from '../../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames } from '../../../src/wire/remote-read/streamed.ts';
import { SAMPLED_TYPE, STREAMED_TYPE, startFakePrometheus, streamed } from '../../support/fake-prometheus.ts';
import type { FakePaths } from '../../support/fake-prometheus.ts';
import { sendJson, sendText } from '../../support/fake-server.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import { NEVER, SELECT_UP, backendAt, failureOf, valueOf } from './support.ts';
import { scopeWith, told } from '../../support/scopes.ts';
import { sampledAnswer } from '../../support/sampled-answer.ts';

const UP = labelsFromRecord({ __name__: 'up' });

function frames(encoding: number): Uint8Array {
  const chunk = { encoding, minTime: 1_000_000, maxTime: 1_000_000, data: new Uint8Array(8) };
  return Buffer.concat([...encodeChunkedFrames([{ labels: UP, chunks: [chunk] }])]);
}

const samples: FakeHandler = (_, response) => {
  const columns = new SampleBuffer();
  columns.push(1_000_000, 1);
  const body = sampledAnswer([{ labels: UP, columns: copyColumns(columns) }]);
  response.writeHead(200, { 'content-type': SAMPLED_TYPE, 'content-encoding': 'snappy' }).end(body);
};

const query: FakeHandler = ({ parameters }, response) =>
  sendJson(response, {
    status: 'success',
    data:
      parameters.get('query') === '1'
        ? { resultType: 'scalar', result: [0, '1'] }
        : { resultType: 'matrix', result: [{ metric: { __name__: 'up' }, values: [[1000, '1']] }] },
  });

async function start(t: Parameters<typeof backendAt>[0], paths: FakePaths) {
  const server = await startFakePrometheus(paths, '    __replica__: a');
  t.after(() => server.close());
  return { server, backend: backendAt(t, server.url) };
}

test('streamed chunks are asked for first, samples accepted', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/read': streamed(frames(ChunkEncoding.xor)) });
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-chunks');
  const { series } = valueOf(await backend.select(scopeWith(), SELECT_UP));
  assert.equal([...series][0]!.data.kind, 'chunks');
  assert.deepEqual([...series][0]!.labels, labelsFromRecord({ __name__: 'up', __replica__: 'a' }));
  const request = decodeReadRequest(server.requests.at(-1)!.body);
  assert.deepEqual(request.accepted, [ResponseType.streamedChunks, ResponseType.samples]);
  assert.equal(request.queries[0]!.minTime, SELECT_UP.minTime);
  assert.deepEqual(request.queries[0]!.matchers, SELECT_UP.matchers);
});

test('a selector that external labels fulfilled altogether asks for every series', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/read': streamed() });
  valueOf(await backend.select(scopeWith(), { ...SELECT_UP, matchers: [] }));
  assert.deepEqual(decodeReadRequest(server.requests.at(-1)!.body).queries[0]!.matchers, [
    { kind: '!=', name: '__name__', value: '' },
  ]);
});

test('a server without streaming answers with samples', async (t) => {
  const { backend } = await start(t, { '/api/v1/read': samples });
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-samples');
  const { series } = valueOf(await backend.select(scopeWith(), SELECT_UP));
  const { data } = [...series][0]!;
  assert.ok(data.kind === 'columns');
  assert.equal(data.columns.v[0], 1);
});

for (const [protocol, type, part] of [
  ['remote-read-chunks', STREAMED_TYPE, frames(ChunkEncoding.xor)],
  ['remote-read-samples', SAMPLED_TYPE, new Uint8Array(1024)],
] as const)
  test(`of a server that answers ${protocol} without an end only the beginning is read`, async (t) => {
    const closed = Promise.withResolvers<void>();
    const { backend } = await start(t, {
      '/api/v1/read': (_, response) => {
        response.on('close', closed.resolve).writeHead(200, { 'content-type': type });
        // More than is waited for, and then nothing.
        response.write(Buffer.concat(Array.from({ length: Math.ceil(1e6 / part.length) }, () => part)));
      },
    });
    assert.equal(valueOf(await backend.describe(NEVER)).protocol, protocol);
    await closed.promise;
  });

test('a server without remote read is read by query, with a remark', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/query': query });
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'query');
  const { series, annotations } = valueOf(await backend.select(scopeWith(), SELECT_UP));
  assert.deepEqual([...series][0]!.labels, labelsFromRecord({ __name__: 'up', __replica__: 'a' }));
  assert.match(told(annotations)[0]!.message, /stale markers are missing/);
  const { parameters } = server.requests.at(-1)!;
  assert.equal(parameters.get('query'), '{__name__="up"}[60001ms]');
  assert.equal(parameters.get('time'), '1060.000');
});

/** What servers and proxies answer to a call that they do not know. */
const UNKNOWN_CALLS: Readonly<Record<string, FakeHandler>> = {
  ...Object.fromEntries(
    [400, 403, 404, 405, 406, 410, 415, 422, 501].map((status): [string, FakeHandler] => [
      `HTTP ${status}`,
      (_, response) => sendText(response, status, 'text/plain', 'unsupported path requested: "/api/v1/read"'),
    ]),
  ),
  'HTTP 400 in JSON': (_, response) =>
    sendJson(response, { status: 'error', error: 'unsupported path' }, 400),
  'HTTP 404 in HTML': (_, response) => sendText(response, 404, 'text/html', '<h1>Not Found</h1>'),
  'a page with HTTP 200': (_, response) => sendText(response, 200, 'text/html', '<html>Welcome</html>'),
  'JSON with HTTP 200': (_, response) => sendJson(response, {}),
  'an empty answer': (_, response) => void response.writeHead(204).end(),
  'a redirect': (_, response) => void response.writeHead(302, { location: '/graph' }).end(),
};

for (const [answer, handler] of Object.entries(UNKNOWN_CALLS)) {
  test(`a server whose remote read answers ${answer} is read by query, if that works`, async (t) => {
    const { backend } = await start(t, { '/api/v1/query': query, '/api/v1/read': handler });
    assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'query');
    assert.equal(valueOf(await backend.select(scopeWith(), SELECT_UP)).series.length, 1);
  });

  // That is about the request, of a server that has read before.
  if (answer === 'HTTP 422') continue;
  test(`a server that begins to answer ${answer} to remote read is read by query at once`, async (t) => {
    let remoteRead: FakeHandler = streamed(frames(ChunkEncoding.xor));
    const { backend } = await start(t, {
      '/api/v1/query': query,
      '/api/v1/read': (request, response) => remoteRead(request, response),
    });
    assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-chunks');
    remoteRead = handler;
    assert.equal([...valueOf(await backend.select(scopeWith(), SELECT_UP)).series][0]!.data.kind, 'columns');
  });
}

for (const status of [401, 408, 413, 429, 500, 502, 503, 504])
  test(`HTTP ${status} to remote read is a failure, although queries would work`, async (t) => {
    const { server, backend } = await start(t, {
      '/api/v1/query': query,
      '/api/v1/read': (_, response) => sendText(response, status, 'text/plain', 'overloaded'),
    });
    assert.match(
      failureOf(await backend.describe(NEVER)).reason,
      new RegExp(`^HTTP ${status} for /api/v1/read`),
    );
    const asked = server.requests.filter(({ path }) => path === '/api/v1/query');
    assert.deepEqual([...new Set(asked.map(({ parameters }) => parameters.get('query')))], ['1']);
  });

test('a server that refuses one request by remote read is not read by query for that', async (t) => {
  const { server, backend } = await start(t, {
    '/api/v1/query': query,
    '/api/v1/read': (request, response) =>
      decodeReadRequest(request.body).queries[0]!.maxTime === 0
        ? streamed()(request, response)
        : sendText(response, 400, 'text/plain', 'exceeded sample limit (7)'),
  });
  assert.equal(failureOf(await backend.select(scopeWith(), SELECT_UP)).kind, 'too_large');
  assert.ok(!server.requests.some(({ path }) => path === '/api/v1/query'));
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-chunks');
});

test('HTTP 422 to one request by remote read is its failure, and later ones are read so again', async (t) => {
  let refusals = 1;
  const { server, backend } = await start(t, {
    '/api/v1/query': query,
    '/api/v1/read': (request, response) =>
      decodeReadRequest(request.body).queries[0]!.maxTime !== 0 && refusals-- > 0
        ? sendText(response, 422, 'text/plain', 'the query exceeds a limit')
        : streamed(frames(ChunkEncoding.xor))(request, response),
  });
  valueOf(await backend.describe(NEVER));
  assert.match(failureOf(await backend.select(scopeWith(), SELECT_UP)).reason, /^HTTP 422 for /);
  assert.equal([...valueOf(await backend.select(scopeWith(), SELECT_UP)).series][0]!.data.kind, 'chunks');
  assert.ok(!server.requests.some(({ path }) => path === '/api/v1/query'));
});

test('HTTP 404 to one request alone is answered by query, and later ones are read as before', async (t) => {
  let refusals = 1;
  const { backend } = await start(t, {
    '/api/v1/query': query,
    '/api/v1/read': (request, response) =>
      decodeReadRequest(request.body).queries[0]!.maxTime !== 0 && refusals-- > 0
        ? sendText(response, 404, 'text/plain', 'no')
        : streamed(frames(ChunkEncoding.xor))(request, response),
  });
  valueOf(await backend.describe(NEVER));
  for (const kind of ['columns', 'chunks'])
    assert.equal([...valueOf(await backend.select(scopeWith(), SELECT_UP)).series][0]!.data.kind, kind);
});

test('a range without bounds is asked for in times that servers take', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/query': query });
  for (const [minTime, maxTime] of [
    [MIN_TIME, MAX_TIME],
    [-Infinity, Infinity],
  ] as const) {
    valueOf(await backend.select(scopeWith(), { ...SELECT_UP, minTime, maxTime }));
    const { parameters } = server.requests.at(-1)!;
    assert.equal(parameters.get('query'), '{__name__="up"}[9223372036000ms]');
    assert.equal(parameters.get('time'), '9223372036.000');
  }
});

test('a server that offers nothing to read from fails with both reasons', async (t) => {
  const { backend } = await start(t, {});
  assert.match(
    failureOf(await backend.describe(NEVER)).reason,
    /^neither remote read \(HTTP 404\) nor queries \(HTTP 404 for \/api\/v1\/query\) can be used; check the address/,
  );
});

test('remote read that goes away is replaced by the query of the same call', async (t) => {
  let there = true;
  const { backend } = await start(t, {
    '/api/v1/query': query,
    '/api/v1/read': (request, response) =>
      there
        ? streamed(frames(ChunkEncoding.xor))(request, response)
        : sendText(response, 404, 'text/plain', '404 page not found'),
  });
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-chunks');
  there = false;
  assert.equal([...valueOf(await backend.select(scopeWith(), SELECT_UP)).series][0]!.data.kind, 'columns');
  there = true;
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-chunks');
});

test('chunks of an unknown encoding are read again as samples, then and later', async (t) => {
  const { server, backend } = await start(t, {
    '/api/v1/read': (request, response) => {
      const { accepted, queries } = decodeReadRequest(request.body);
      if (!accepted.includes(ResponseType.streamedChunks)) return samples(request, response);
      return streamed(...(queries[0]!.maxTime === 0 ? [] : [frames(99)]))(request, response);
    },
  });
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-chunks');
  const first = valueOf(await backend.select(scopeWith(), SELECT_UP));
  assert.equal([...first.series][0]!.data.kind, 'columns');
  assert.match(
    told(first.annotations)[0]!.message,
    /chunks of an unknown encoding \(99\); plain samples are read/,
  );
  const before = server.requests.length;
  assert.equal(valueOf(await backend.select(scopeWith(), SELECT_UP)).series.length, 1);
  assert.equal(server.requests.length, before + 1);
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-samples');
});

test('chunks of an unknown encoding and no samples: read by query, never garbage', async (t) => {
  const { backend } = await start(t, {
    '/api/v1/query': query,
    '/api/v1/read': (request, response) => {
      const { accepted, queries } = decodeReadRequest(request.body);
      if (!accepted.includes(ResponseType.streamedChunks)) return sendText(response, 501, 'text/plain', 'no');
      return streamed(...(queries[0]!.maxTime === 0 ? [] : [frames(99)]))(request, response);
    },
  });
  const { series, annotations } = valueOf(await backend.select(scopeWith(), SELECT_UP));
  assert.equal([...series][0]!.data.kind, 'columns');
  assert.ok(
    told(annotations).some(({ message }) => /unknown encoding \(99\), and no plain samples/.test(message)),
  );
});

test('a stream that only ends with its connection is not trusted', async (t) => {
  const { backend } = await start(t, {
    '/api/v1/read': (request, response) => {
      const { accepted } = decodeReadRequest(request.body);
      if (!accepted.includes(ResponseType.streamedChunks)) return samples(request, response);
      response.useChunkedEncodingByDefault = false;
      response.removeHeader('transfer-encoding');
      response.writeHead(200, { 'content-type': STREAMED_TYPE, connection: 'close' });
      response.end(frames(ChunkEncoding.xor));
    },
  });
  assert.equal(valueOf(await backend.describe(NEVER)).protocol, 'remote-read-samples');
});
