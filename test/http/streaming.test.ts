import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request as requestOf, ServerResponse, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { Registry } from 'prom-client';
import type { MatrixSeries } from '../../src/engine/answer.ts';
import { bug, QueryError } from '../../src/model/errors.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { createHttpMetrics } from '../../src/telemetry/http-metrics.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { answering, listening } from './support.ts';

const URL_PATH = '/api/v1/query_range?query=a&start=0&end=1&step=1';

async function ask(port: number, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const request = get({ host: '127.0.0.1', port, path: URL_PATH, headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** A matrix of about 60 MB that tells how many of its series were read, and may break at one of them. */
function largeMatrix(breakAt = Infinity): { series: readonly MatrixSeries[]; read: () => number } {
  const columns = new SampleBuffer();
  for (let i = 0; i < 5000; i++) columns.push(i * 1000, i / 7);
  let read = 0;
  const series = Array.from({ length: 400 }, (_, i) => ({
    get labels() {
      if (i >= breakAt) bug('this series cannot be read');
      read++;
      return labelsFromRecord({ series: String(i) });
    },
    columns,
  }));
  return { series, read: () => read };
}

/** Turns the event loop until `value` stays the same for a while. */
async function settled(value: () => number): Promise<number> {
  for (let last = -1, same = 0; ; last = value()) {
    same = value() === last ? same + 1 : 0;
    if (same === 2000) return last;
    await nextTurn();
  }
}

test('a client that reads slowly holds back the encoder, and gets everything in the end', async (t) => {
  const { series, read } = largeMatrix();
  const response = await ask(await listening(t, answering({ kind: 'matrix', series })));
  assert.ok((await settled(read)) < 200, 'most of the answer waits until the client reads');
  let tail = '';
  for await (const chunk of response) tail = (chunk as Buffer).toString('latin1').slice(-20);
  assert.equal(read(), 400);
  assert.match(tail, /"\]\]\}\]\}\}$/);
});

test('a client that leaves ends the encoding', async (t) => {
  const { series, read } = largeMatrix();
  const response = await ask(await listening(t, answering({ kind: 'matrix', series })));
  await once(response, 'readable');
  response.destroy();
  assert.ok((await settled(read)) < 400);
});

/** What a client makes of a whole body. */
const READERS: Readonly<Record<string, (body: Buffer) => unknown>> = {
  identity: (body) => JSON.parse(body.toString()),
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

test('a long answer takes the memory of a few chunks', async (t) => {
  const memory = new Set<ArrayBufferLike>();
  const write = t.mock.method(ServerResponse.prototype, 'write');
  const { series } = largeMatrix();
  const response = await ask(await listening(t, answering({ kind: 'matrix', series })));
  let length = 0;
  for await (const chunk of response) length += (chunk as Buffer).length;
  for (const { arguments: given } of write.mock.calls) memory.add((given[0] as Buffer).buffer);
  assert.ok(length > 50e6, `${length} bytes`);
  assert.ok(memory.size < 20, `${memory.size} buffers`);
});

for (const [coding, readWhole] of Object.entries(READERS)) {
  test(`a long answer comes as it was made, however it is read (${coding})`, async (t) => {
    const { series } = largeMatrix();
    const response = await ask(await listening(t, answering({ kind: 'matrix', series })), {
      'accept-encoding': coding,
    });
    const parts: Buffer[] = [];
    for await (const chunk of response) {
      parts.push(chunk as Buffer);
      // Now and then the connection is full, and now and then it is empty.
      if (parts.length % 100 < 10) await nextTurn();
      if (parts.length % 500 === 0) await setTimeout(5);
    }
    const body = readWhole(Buffer.concat(parts));
    const { data } = (Buffer.isBuffer(body) ? JSON.parse(body.toString()) : body) as {
      data: { result: { metric: unknown; values: unknown }[] };
    };
    const values = JSON.stringify(Array.from({ length: 5000 }, (_, i) => [i, String(i / 7)]));
    assert.equal(data.result.length, 400);
    for (const [i, each] of data.result.entries()) {
      assert.deepEqual(each.metric, { series: String(i) });
      assert.ok(JSON.stringify(each.values) === values, `series ${i} has other values`);
    }
  });

  test(`an answer that breaks in the middle never looks whole (${coding})`, async (t) => {
    const { series } = largeMatrix(100);
    const port = await listening(t, answering({ kind: 'matrix', series }));
    const response = await ask(port, { 'accept-encoding': coding });
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-encoding'] ?? 'identity', coding);
    const parts: Buffer[] = [];
    await assert.rejects(async () => {
      for await (const chunk of response) parts.push(chunk as Buffer);
    }, /aborted/);
    assert.equal(response.complete, false);
    const body = Buffer.concat(parts);
    assert.ok(body.length > 1000, `only ${body.length} bytes came before it broke`);
    assert.throws(() => readWhole(body), 'what came can be read as a whole answer');
  });
}

test('answers that break off are logged and counted apart', async (t) => {
  const logged: string[] = [];
  const logger = createLogger({ level: 'info', format: 'logfmt' }, { write: (line) => logged.push(line) });
  const metrics = createHttpMetrics(new Registry());
  const { series } = largeMatrix(100);
  const port = await listening(t, answering({ kind: 'matrix', series }), { logger, metrics });
  const response = await ask(port);
  response.resume();
  await once(response, 'error');
  assert.match(logged.join(''), /level=error .*path=.*BUG: this series cannot be read/);
  let text = '';
  while (!text.includes('code="aborted"')) ({ text } = await metrics.exposition());
  assert.match(text, /requests_in_flight 0\n/);
});

test('an answer that breaks before the first chunk is out is an error in the envelope', async (t) => {
  const { series } = largeMatrix(0);
  const response = await ask(await listening(t, answering({ kind: 'matrix', series })));
  assert.equal(response.statusCode, 500);
  let body = '';
  for await (const chunk of response) body += String(chunk);
  assert.deepEqual(JSON.parse(body), {
    status: 'error',
    errorType: 'internal',
    error: 'BUG: this series cannot be read',
  });
});

for (const method of ['GET', 'POST'])
  test(`a client that leaves cancels its query: ${method}`, async (t) => {
    const { promise: asked, resolve: entered } = Promise.withResolvers<AbortSignal>();
    const port = await listening(t, {
      queryRange: async ({ signal }) => {
        entered(signal);
        await once(signal, 'abort');
        throw new QueryError('canceled', 'query was canceled in expression evaluation');
      },
    });
    const [path, form] = URL_PATH.split('?');
    const isPost = method === 'POST';
    const call = requestOf({
      host: '127.0.0.1',
      port,
      method,
      path: isPost ? path : URL_PATH,
      headers: isPost ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {},
    });
    const request = call.on('error', () => undefined).end(isPost ? form : undefined);
    const signal = await asked;
    assert.equal(signal.aborted, false);
    request.destroy();
    if (!signal.aborted) await once(signal, 'abort');
  });

test('what is not HTTP is answered in the envelope', async (t) => {
  const socket = connect({ host: '127.0.0.1', port: await listening(t, {}) });
  socket.write('no such thing\r\n\r\n');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/json\r\n/);
  assert.match(answer, /\{"status":"error","errorType":"bad_data","error":"the request is not HTTP"\}$/);
});

test('a query of half a megabyte may stand in the URL', async (t) => {
  const port = await listening(t, answering({ kind: 'scalar', t: 0, v: 1 }));
  const request = get({ host: '127.0.0.1', port, path: `/api/v1/query?query=${'x'.repeat(500_000)}` });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  assert.equal(response.statusCode, 200);
});
