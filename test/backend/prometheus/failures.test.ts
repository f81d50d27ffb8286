import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';

import type { FakeHandler } from '../../support/fake-server.ts';
import { STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { sendJson, sendText } from '../../support/fake-server.ts';
import { ChunkEncoding } from '../../../src/model/chunk.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { encodeChunkedFrames } from '../../../src/wire/remote-read/streamed.ts';
import { NEVER, SELECT_UP, backendAt, backendFor, failureOf } from './support.ts';
import { boundedCall } from '../../../src/cluster/bounded-call.ts';
import { NEVER_LATE } from '../../../src/model/lateness.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { scopeWith } from '../../support/scopes.ts';

/** As where a byte of a name was inverted on its way. */
const DAMAGED_HEAD = Buffer.from('HTTP/1.1 200 OK\r\nContent\xd2Type: application/json\r\n\r\n{}', 'latin1');

const FRAMES = Buffer.concat([
  ...encodeChunkedFrames([
    {
      labels: labelsFromRecord({ __name__: 'up' }),
      chunks: [{ encoding: ChunkEncoding.xor, minTime: 1, maxTime: 2, data: new Uint8Array(64) }],
    },
  ]),
]);

/** Answers the first remote read, the one that negotiates, with an empty stream and later ones as given. */
function afterProbe(handler: FakeHandler): FakeHandler {
  let probed = false;
  return (request, response) => {
    if (probed) return handler(request, response);
    probed = true;
    response.writeHead(200, { 'content-type': STREAMED_TYPE }).end();
  };
}

async function selectFailure(
  t: Parameters<typeof backendFor>[0],
  handler: FakeHandler,
  options: Parameters<typeof backendFor>[2] = {},
) {
  const backend = await backendFor(t, afterProbe(handler), options);
  return failureOf(await backend.select(scopeWith(), SELECT_UP));
}

test('a refused connection is unavailable and says what to check', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  server.close();
  await once(server, 'close');
  const backend = backendAt(t, `http://127.0.0.1:${address.port}`);
  const { kind, reason, endpoint } = failureOf(await backend.describe(NEVER));
  assert.equal(kind, 'unavailable');
  assert.match(reason, /connection refused; check that it runs/);
  assert.equal(endpoint, `http://127.0.0.1:${address.port}`);
});

test('a head that is no HTTP is a failure of the endpoint, not of the gateway', async (t) => {
  const server = createServer((socket) => socket.once('data', () => socket.end(DAMAGED_HEAD)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const backend = backendAt(t, `http://127.0.0.1:${port}`);
  const { kind, detail } = failureOf(await backend.describe(NEVER));
  assert.equal(kind, 'unavailable');
  assert.match(detail ?? '', /does not match the HTTP\/1.1 protocol/);
});

test('HTML is not taken for an API answer', async (t) => {
  const { kind, reason, detail } = await selectFailure(t, (_, response) =>
    sendText(response, 200, 'text/html; charset=utf-8', '<html><title>Login</title></html>'),
  );
  assert.equal(kind, 'bad_data');
  assert.match(reason, /HTTP 200 with text\/html for \/api\/v1\/read .*what stands in front of it/);
  assert.equal(detail, '<html><title>Login</title></html>');
});

test('an HTML error page of a proxy is unavailable', async (t) => {
  const { kind, reason } = await selectFailure(t, (_, response) =>
    sendText(response, 502, 'text/html', '<h1>Bad Gateway</h1>'),
  );
  assert.equal(kind, 'unavailable');
  assert.match(reason, /HTTP 502 with text\/html/);
});

test('what a server writes beside the API is for the log: one short line without control characters', async (t) => {
  const body = `open\tblock:\r\n\u001b[31mno such\u202e file ${'x'.repeat(5000)}`;
  const { kind, reason, detail } = await selectFailure(t, (_, response) =>
    sendText(response, 500, 'text/plain', body),
  );
  assert.equal(kind, 'unavailable');
  assert.equal(reason, 'HTTP 500 for /api/v1/read');
  assert.match(detail!, /^open block: \[31mno such file x+…$/);
  assert.equal(detail!.length, 201);
});

test('a limit of the server is named as one, without its text', async (t) => {
  const { kind, reason, detail } = await selectFailure(t, (_, response) =>
    sendText(response, 400, 'text/plain', 'exceeded sample limit (7)'),
  );
  assert.equal(kind, 'too_large');
  assert.equal(reason, 'HTTP 400 for /api/v1/read: the answer would exceed a limit of the server');
  assert.equal(detail, 'exceeded sample limit (7)');
});

test('refused credentials are named', async (t) => {
  const { kind, reason } = await selectFailure(t, (_, response) =>
    sendText(response, 401, 'text/plain', 'Unauthorized'),
  );
  assert.equal(kind, 'bad_data');
  assert.match(reason, /check this endpoint's credentials/);
});

test('refused credentials are named, too, where a page says so', async (t) => {
  const { reason } = await selectFailure(t, (_, response) =>
    sendText(response, 401, 'text/html', '<html>Authorization Required</html>'),
  );
  assert.equal(reason, "HTTP 401 for /api/v1/read; check this endpoint's credentials");
});

test('the error of a JSON answer is shown as it was meant', async (t) => {
  const { reason } = await selectFailure(t, (_, response) =>
    sendText(
      response,
      400,
      'application/json',
      String.raw`{"status":"error","error":"no \u003ca\u003e \"q\""}`,
    ),
  );
  assert.match(reason, /: no <a> "q"/);
});

test('a long error of an API is shortened to one line', async (t) => {
  const { reason } = await selectFailure(t, (_, response) =>
    sendJson(response, { status: 'error', error: `a\nb ${'y'.repeat(1000)}` }, 422),
  );
  assert.match(reason, /^HTTP 422 for \/api\/v1\/read: a b y+…$/);
  assert.ok(reason.length < 250, reason);
});

test('a redirect is not followed, and its aim is for the log', async (t) => {
  const { reason, detail } = await selectFailure(t, (_, response) => {
    response.writeHead(302, { location: 'https://login.example/' }).end();
  });
  assert.equal(
    reason,
    'HTTP 302 for /api/v1/read: it redirects elsewhere; configure the final address of the server',
  );
  assert.equal(detail, 'it redirects to https://login.example/');
});

test('a mistake of our own is no failure: it comes out with its stack, also where the caller has given up meanwhile', async (t) => {
  const controller = new AbortController();
  for (const giveUp of [() => {}, () => controller.abort()]) {
    const authorization = (): string => {
      giveUp();
      throw new TypeError('x is not a function');
    };
    const backend = await backendFor(t, (_, response) => void response.end(), { authorization });
    await assert.rejects(backend.select(scopeWith({}, controller.signal), SELECT_UP), {
      name: 'TypeError',
      message: 'x is not a function',
      stack: /failures\.test/,
    });
  }
});

test('credentials that no header can carry are not sent', async (t) => {
  let calls = 0;
  const backend = await backendFor(t, (_, response) => void (calls++, response.end()), {
    authorization: () => 'Bearer a\r\nb',
  });
  const { kind, reason, bug } = failureOf(await backend.describe(NEVER));
  assert.equal(kind, 'bad_data');
  assert.match(reason, /its credentials are not sent: they must be one line of printable ASCII/);
  assert.equal(bug, undefined);
  assert.equal(calls, 0);
});

test('a stream that ends inside of a frame is a failure', async (t) => {
  const { kind, reason } = await selectFailure(t, (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(FRAMES.subarray(0, FRAMES.length - 7));
  });
  assert.equal(kind, 'bad_data');
  assert.match(reason, /the stream ended after 0 frames and \d+ of \d+ bytes of a frame/);
});

test('a stream whose connection breaks at the end of a frame is a failure, not a shorter answer', async (t) => {
  const { kind, reason } = await selectFailure(t, (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE });
    response.write(FRAMES, () => response.destroy());
  });
  assert.equal(kind, 'unavailable');
  assert.match(
    reason,
    new RegExp(`the connection broke after ${FRAMES.length} bytes of an unfinished answer`),
  );
});

test('a body shorter than its content length is a failure', async (t) => {
  const { kind, reason } = await selectFailure(t, (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE, 'content-length': FRAMES.length * 2 });
    response.write(FRAMES, () => response.destroy());
  });
  assert.equal(kind, 'unavailable');
  assert.match(reason, /unfinished answer/);
});

test('a wrong checksum is a failure', async (t) => {
  const damaged = Buffer.from(FRAMES);
  damaged[damaged.length - 1]! ^= 1;
  const { kind, reason } = await selectFailure(t, (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(damaged);
  });
  assert.equal(kind, 'bad_data');
  assert.match(reason, /remote-read answer is damaged: frame 1 .* checksum/);
});

test('an error text behind the frames of a stream is a failure', async (t) => {
  const { kind } = await selectFailure(t, (_, response) => {
    response
      .writeHead(200, { 'content-type': STREAMED_TYPE })
      .end(Buffer.concat([FRAMES, Buffer.from('boom\n')]));
  });
  assert.equal(kind, 'bad_data');
});

test('a connection that is closed before any answer is tried twice and then unavailable', async (t) => {
  let calls = 0;
  const { kind, reason } = await selectFailure(t, (_, response) => {
    calls++;
    response.destroy();
  });
  assert.equal(calls, 2);
  assert.equal(kind, 'unavailable');
  assert.match(reason, /closed before an answer came/);
});

for (const [what, respond] of Object.entries({
  hangs: () => {},
  'stalls in the middle of an answer': (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE });
    response.write(FRAMES);
  },
} satisfies Readonly<Record<string, FakeHandler>>))
  test(`a server that ${what} runs into the limit that its caller sets`, async (t) => {
    const backend = await backendFor(t, respond);
    const bound = {
      address: 'x',
      timeoutMs: 60,
      leftMs: Infinity,
      timers: SYSTEM_TIMERS,
      lateness: NEVER_LATE,
    };
    const { kind, reason } = failureOf(
      await boundedCall(bound, NEVER, (signal) => backend.select(scopeWith({}, signal), SELECT_UP)),
    );
    assert.equal(kind, 'timeout');
    assert.match(reason, /no complete answer within 0\.06 s/);
  });

test('an answer over the limit is too large', async (t) => {
  const { kind, reason } = await selectFailure(
    t,
    (_, response) => {
      response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(FRAMES);
    },
    { maxResponseBytes: FRAMES.length - 1 },
  );
  assert.equal(kind, 'too_large');
  assert.match(reason, /larger than the limit of \d+ bytes; select fewer series/);
});

test('a caller that gives up gets a canceled call', async (t) => {
  const controller = new AbortController();
  const backend = await backendFor(
    t,
    afterProbe(() => controller.abort()),
  );
  assert.equal(failureOf(await backend.select(scopeWith({}, controller.signal), SELECT_UP)).kind, 'canceled');
});

for (const [name, body] of [
  ['cut', '{"status":"success","data":["a","b'],
  ['of another kind', '{"status":"success","data":{"a":1}}'],
  ['without an envelope', '[1,2]'],
] as const)
  test(`a JSON answer ${name} is bad data`, async (t) => {
    const backend = await backendFor(t, (_, response) => sendText(response, 200, 'application/json', body));
    const request = { matcherSets: [], minTime: 0, maxTime: 1, limit: 0 };
    assert.equal(failureOf(await backend.labelNames(scopeWith(), request)).kind, 'bad_data');
  });

test('an API error is passed on with its text', async (t) => {
  const backend = await backendFor(t, (_, response) =>
    sendJson(response, { status: 'error', errorType: 'bad_data', error: 'invalid "match[]"' }, 400),
  );
  const request = { matcherSets: [], minTime: 0, maxTime: 1, limit: 0 };
  const { kind, reason } = failureOf(await backend.labelNames(scopeWith(), request));
  assert.equal(kind, 'bad_data');
  assert.equal(reason, 'HTTP 400 for /api/v1/labels: invalid "match[]"');
});
