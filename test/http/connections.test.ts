import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import type { MatrixSeries } from '../../src/engine/answer.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { Connections } from '../../src/http/connections.ts';
import type { HttpOptions } from '../../src/http/context.ts';
import { trackAnswers } from '../../src/http/when-sent.ts';
import { type ClientLimits, type CutReason, DEFAULT_CLIENT_LIMITS } from '../../src/model/client-limits.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { until } from '../support/until.ts';
import { answerOf, answering, listening } from './support.ts';

const QUERY = 'GET /api/v1/query_range?query=a&start=0&end=1&step=1 HTTP/1.1\r\nHost: a\r\n\r\n';

/** Connects to a server with these limits, and tells whom it turns away. */
async function client(
  t: TestContext,
  limits: Partial<ClientLimits>,
  gateway: Partial<Gateway> = {},
  options: Partial<HttpOptions> = {},
) {
  const cuts: CutReason[] = [];
  const timers = new ManualTimers();
  const port = await listening(t, gateway, {
    limits: { ...DEFAULT_CLIENT_LIMITS, ...limits },
    timers,
    onCut: (reason) => cuts.push(reason),
    ...options,
  });
  const open = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    t.after(() => socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  return { cuts, timers, open };
}

/** All that the server sends until it closes its side. */
async function received(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString('latin1'))).resume();
  // A connection that is ended with bytes unread is reset.
  await Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => undefined);
  return text;
}

/** A matrix of about 60 MB. */
function largeMatrix(): Partial<Gateway> {
  const columns = new SampleBuffer();
  for (let i = 0; i < 5000; i++) columns.push(i * 1000, i / 7);
  const series = Array.from({ length: 400 }, (_, i): MatrixSeries => ({
    labels: labelsFromRecord({ series: String(i) }),
    columns,
  }));
  return answering({ kind: 'matrix', series });
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const readBody: Hook = async ({ raw }) => {
  const end = once(raw, 'end');
  raw.resume();
  await end;
};

/** A server for one connection that never answers, with hooks around those of the connections; `asked` comes after them. */
async function withHooks(t: TestContext, { after }: { after: Hook }) {
  const cuts: CutReason[] = [];
  const limits = { ...DEFAULT_CLIENT_LIMITS, maxConnections: 1 };
  const connections = new Connections(limits, new ManualTimers(), (reason) => cuts.push(reason));
  const server = fastify({ serverFactory: (handler) => connections.createServer(handler) });
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  trackAnswers(server);
  connections.watch(server);
  server.addHook('onRequest', async (request, reply) => {
    await after(request, reply);
    resolve();
    return new Promise(() => undefined);
  });
  server.post('/', () => undefined);
  await server.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => {
    server.server.closeAllConnections();
    return server.close();
  });
  return { cuts, asked, port: (server.server.address() as AddressInfo).port };
}

function connectTo(t: TestContext, port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port });
  t.after(() => socket.destroy());
  return socket.on('error', () => undefined);
}

describe('connections', () => {
  it('make room for new ones beyond the limit, those first that wait longest', async (t) => {
    const { cuts, open } = await client(t, { maxConnections: 2 });
    const [first, second] = [await open(), await open()];
    first.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(first, 'data');
    const third = await open();
    assert.equal(await received(second), '');
    assert.deepEqual(cuts, ['too_many']);
    for (const socket of [first, third]) {
      socket.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      assert.match(await received(socket), /^HTTP\/1\.1 200 /);
    }
  });

  it('are refused beyond the limit where all others have requests to answer', async (t) => {
    const answer = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const queryRange = async () => {
      asked.resolve();
      await answer.promise;
      return { answer: answerOf({ kind: 'scalar', t: 0, v: 1 }), queuedMs: 0 };
    };
    const { cuts, open } = await client(t, { maxConnections: 1 }, { queryRange });
    const busy = await open();
    busy.write(QUERY.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await asked.promise;
    assert.equal(await received(await open()), '');
    assert.deepEqual(cuts, ['too_many']);
    answer.resolve();
    assert.match(await received(busy), /^HTTP\/1\.1 200 /);
  });

  it('whose requests are not whole make room, too', async (t) => {
    const { open } = await client(t, { maxConnections: 1 });
    const slow = await open();
    slow.write('POST /api/v1/query HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nquery');
    const next = await open();
    assert.equal(await received(slow), '');
    next.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.match(await received(next), /^HTTP\/1\.1 200 /);
  });

  it('that wait for another request make room for new ones', async (t) => {
    const { open } = await client(t, { maxConnections: 1 });
    const idle = await open();
    idle.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const next = await open();
    await received(idle);
    next.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.match(await received(next), /^HTTP\/1\.1 200 /);
  });

  it('that ask for the health are answered where all places are taken', async (t) => {
    const queryRange = (): Promise<never> => new Promise(() => undefined);
    const { cuts, open } = await client(t, { maxConnections: 8 }, { queryRange });
    for (let i = 0; i < 8; i++) (await open()).write(QUERY);
    const query = await open();
    query.write(QUERY);
    const refusal = await received(query);
    assert.match(refusal, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
    assert.match(refusal, /^Retry-After: \d\r$/m);
    assert.match(
      refusal,
      /"8 connections have requests already, which is the limit \(--web\.max-connections\); try again later"/,
    );
    const probe = await open();
    probe.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.match(await received(probe), /^HTTP\/1\.1 200 /);
    assert.deepEqual(cuts, ['too_many']);
  });

  it('that ask for the health are answered under a prefix and without it where all places are taken', async (t) => {
    const prefix = { route: '/prom', shown: '/prom' };
    const queryRange = (): Promise<never> => new Promise(() => undefined);
    const { cuts, open } = await client(t, { maxConnections: 8 }, { queryRange }, { prefix });
    for (let i = 0; i < 8; i++) (await open()).write(QUERY.replace('/api', '/prom/api'));
    for (const path of ['/-/healthy', '/prom/-/healthy']) {
      const probe = await open();
      probe.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      assert.match(await received(probe), /^HTTP\/1\.1 200 /);
    }
    assert.deepEqual(cuts, []);
  });

  it('whose request is whole after its answer make room', async (t) => {
    const { port, asked } = await withHooks(t, {
      after: async (request, reply) => {
        await reply.code(400).send('no');
        await readBody(request, reply);
      },
    });
    const early = connectTo(t, port);
    early.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n');
    await once(early, 'data');
    early.write('x');
    await asked;
    const next = connectTo(t, port);
    if (!early.closed) await once(early, 'close');
    assert.equal(next.destroyed, false);
  });

  it('with more than 100 requests at once are ended, and what came behind is not begun', async (t) => {
    const queryRange = (): Promise<never> => new Promise(() => undefined);
    const { cuts, open } = await client(t, {}, { queryRange });
    const socket = await open();
    socket.write(QUERY.repeat(150));
    await received(socket);
    assert.deepEqual(cuts, ['too_many']);
  });
});

describe('a client', () => {
  it('that ends its side behind its request gets its answers', async (t) => {
    const answers: PromiseWithResolvers<void>[] = [];
    const queryRange = async () => {
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      return { answer: answerOf({ kind: 'scalar', t: 0, v: answers.length }), queuedMs: 0 };
    };
    const { open } = await client(t, {}, { queryRange });
    const socket = await open();
    socket.end(QUERY.repeat(2));
    socket.setEncoding('latin1');
    const [first] = (await once(socket, 'data')) as [string];
    assert.match(first, /^HTTP\/1\.1 102 Processing\r\n\r\n$/);
    for (const { resolve } of answers) resolve();
    const rest = await received(socket);
    assert.equal(rest.split('HTTP/1.1 200 OK').length - 1, 2, rest);
  });

  it('that ended its side is asked ever less often, and for each answer, whether it is still there', async (t) => {
    const answers: PromiseWithResolvers<void>[] = [];
    const queryRange = async () => {
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      return { answer: answerOf({ kind: 'scalar', t: 0, v: 1 }), queuedMs: 0 };
    };
    const { open, timers } = await client(t, {}, { queryRange });
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    t.after(() => process.off('warning', warned));
    const socket = await open();
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    const untilHeard = (what: RegExp): Promise<void> =>
      until('it was asked', 5000, async () => {
        for (const ms of timers.delays()) if (Number.isInteger(Math.log2(ms / 20))) await timers.fire(ms);
        return what.test(text);
      });
    socket.end(QUERY.repeat(2));
    await untilHeard(/(?:102 Processing[^]*?){15}/);
    assert.ok(timers.delays().some((ms) => ms > 20 * 2 ** 12));
    answers[0]!.resolve();
    await untilHeard(/200 OK[^]*102 Processing/);
    answers[1]!.resolve();
    await once(socket, 'close');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(warnings, []);
    assert.deepEqual(timers.delays(), []);
  });

  for (const version of ['1.1', '1.0'])
    it(`of HTTP/${version} that left ends its request`, async (t) => {
      const asked = Promise.withResolvers<AbortSignal>();
      const queryRange: Gateway['queryRange'] = ({ signal }) => {
        asked.resolve(signal);
        return new Promise(() => undefined);
      };
      const { open, timers } = await client(t, {}, { queryRange });
      const socket = await open();
      socket.write(QUERY.replace('1.1', version));
      const signal = await asked.promise;
      socket.destroy();
      await until('the request ended', 5000, async () => {
        await timers.fire();
        return signal.aborted;
      });
    });
});

describe('a request', () => {
  it('whose headers do not come is given up', async (t) => {
    const { cuts, timers, open } = await client(t, { headersTimeout: 50 });
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Sl');
    assert.match(
      await received(socket),
      /^HTTP\/1\.1 408 .*"the request did not arrive in time; send it again"/s,
    );
    assert.deepEqual(cuts, ['slow_request']);
    // The client has not closed its side. The server does not wait for it.
    await timers.fire();
    if (!socket.closed) await once(socket.end(), 'close');
  });

  it('whose body stands still is given up', async (t) => {
    const { cuts, open } = await client(t, { stallTimeout: 100 });
    const socket = await open();
    socket.write(
      'POST /api/v1/query HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n' +
        'Content-Type: application/x-www-form-urlencoded\r\n\r\nquery=',
    );
    assert.match(await received(socket), /^HTTP\/1\.1 408 /);
    assert.deepEqual(cuts, ['slow_request']);
  });

  it('whose body comes byte by byte is given up', async (t) => {
    const { cuts, open } = await client(t, { headersTimeout: 200, readTimeout: 400 });
    const socket = await open();
    socket.write('POST /api/v1/query HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 20);
    t.after(() => clearInterval(drip));
    assert.match(await received(socket), /^HTTP\/1\.1 408 /);
    assert.deepEqual(cuts, ['slow_request']);
  });

  it('may take longer to be answered', async (t) => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const queryRange = async () => {
      resolve();
      await new Promise((wake) => setTimeout(wake, 500));
      return { answer: answerOf({ kind: 'scalar', t: 0, v: 1 }), queuedMs: 0 };
    };
    const { cuts, open } = await client(t, { stallTimeout: 100, readTimeout: 200 }, { queryRange });
    const socket = await open();
    socket.write(QUERY.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await asked;
    assert.match(await received(socket), /^HTTP\/1\.1 200 /);
    assert.deepEqual(cuts, []);
  });
});

describe('an answer', () => {
  it('of which nothing is taken is given up', async (t) => {
    const matrix = largeMatrix();
    let signal: AbortSignal | undefined;
    const { cuts, open } = await client(
      t,
      { stallTimeout: 100 },
      {
        queryRange: (scope, query) => {
          ({ signal } = scope);
          return matrix.queryRange!(scope, query);
        },
      },
    );
    const socket = await open();
    socket.pause().write(QUERY);
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (signal?.aborted !== true) return;
        clearInterval(look);
        resolve();
      }, 10);
    });
    assert.deepEqual(cuts, ['slow_reader']);
  });

  it('that takes too long as a whole is given up, however steadily it is taken', async (t) => {
    const { cuts, timers, open } = await client(t, { writeTimeout: 77_000 }, largeMatrix());
    const socket = await open();
    socket.write(QUERY);
    await once(socket, 'data');
    socket.pause();
    await timers.fire(77_000);
    const text = await received(socket);
    assert.doesNotMatch(text, /\r\n0\r\n\r\n$/);
    assert.deepEqual(cuts, ['long_answer']);
  });

  it('leaves no timer behind', async (t) => {
    const { timers, open } = await client(t, {}, answering({ kind: 'scalar', t: 0, v: 1 }));
    const socket = await open();
    socket.write(QUERY.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await received(socket);
    assert.deepEqual(timers.delays(), []);
  });
});
