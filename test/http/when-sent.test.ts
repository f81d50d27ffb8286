import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request as ask, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it, type TestContext } from 'node:test';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import { trackAnswers, whenSent } from '../../src/http/when-sent.ts';

/** A server with one route, and how often the hook was called. */
async function serving(t: TestContext, answer: (request: FastifyRequest, reply: FastifyReply) => unknown) {
  const server = fastify();
  trackAnswers(server);
  const { promise: called, resolve } = Promise.withResolvers<void>();
  const seen = { calls: 0, called, asked: Promise.withResolvers<FastifyRequest>() };
  server.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: async (request, reply) => {
      whenSent(request, () => {
        seen.calls++;
        resolve();
      });
      seen.asked.resolve(request);
      return answer(request, reply);
    },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => {
    server.server.closeAllConnections();
    return server.close();
  });
  const { port } = server.server.address() as AddressInfo;
  return { seen, server, port };
}

/** What the server holds back until the client reads. */
function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(65_536);
}

describe('the hook at the end of an answer', () => {
  it('is called once when the answer was sent', async (t) => {
    const { seen, port } = await serving(t, () => 'text');
    const [response] = (await once(get({ host: '127.0.0.1', port }), 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    await seen.called;
    await nextTurn();
    assert.equal(seen.calls, 1);
  });

  it('is not called before a long answer was read', async (t) => {
    const { seen, port } = await serving(t, (_, reply) =>
      reply.send(Readable.from([...endless().take(1000)], { objectMode: false })),
    );
    const [response] = (await once(get({ host: '127.0.0.1', port }), 'response')) as [IncomingMessage];
    for (let turns = 0; turns < 200; turns++) await nextTurn();
    assert.equal(seen.calls, 0);
    response.resume();
    await once(response, 'end');
    await seen.called;
    assert.equal(seen.calls, 1);
  });

  it('is called when the client left before the answer', async (t) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { seen, port } = await serving(t, () => promise);
    const request = get({ host: '127.0.0.1', port }).on('error', () => undefined);
    await seen.asked.promise;
    request.destroy();
    await seen.called;
    resolve('too late');
    await nextTurn();
    assert.equal(seen.calls, 1);
  });

  it('is called when the client leaves in the middle', async (t) => {
    const { seen, port } = await serving(t, (_, reply) =>
      reply.send(Readable.from(endless(), { objectMode: false })),
    );
    const [response] = (await once(get({ host: '127.0.0.1', port }), 'response')) as [IncomingMessage];
    await once(response, 'readable');
    response.destroy();
    await seen.called;
    assert.equal(seen.calls, 1);
  });

  it('is called after an error answer', async (t) => {
    const { seen, server } = await serving(t, () => {
      throw new Error('broken');
    });
    assert.equal((await server.inject('/')).statusCode, 500);
    await seen.called;
    assert.equal(seen.calls, 1);
  });

  it('is called when the answer breaks off', async (t) => {
    const { seen, port } = await serving(t, (_, reply) =>
      reply.send(
        Readable.from(
          (function* breaking() {
            yield 'x'.repeat(100_000);
            throw new Error('broken');
          })(),
          { objectMode: false },
        ),
      ),
    );
    const [response] = (await once(get({ host: '127.0.0.1', port }), 'response')) as [IncomingMessage];
    response.resume().on('error', () => undefined);
    await seen.called;
    assert.equal(seen.calls, 1);
  });

  it('is called for HEAD', async (t) => {
    const { seen, port } = await serving(t, () => 'text');
    const request = ask({ host: '127.0.0.1', port, method: 'HEAD' }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await seen.called;
    assert.equal(seen.calls, 1);
  });

  it('is called at once where the answer is over', async (t) => {
    const { seen, port } = await serving(t, () => 'text');
    const [response] = (await once(get({ host: '127.0.0.1', port }), 'response')) as [IncomingMessage];
    response.resume();
    await seen.called;
    let late = 0;
    whenSent(await seen.asked.promise, () => late++);
    assert.equal(late, 1);
  });

  it('is called for all who wait, by one listener', async (t) => {
    const { seen, port } = await serving(t, (request) => {
      const before = request.raw.socket.listenerCount('close');
      for (let i = 0; i < 20; i++) whenSent(request, () => seen.calls++);
      return String(request.raw.socket.listenerCount('close') - before);
    });
    // The second waits behind the first.
    const socket = connect({ host: '127.0.0.1', port });
    const last = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n' + last);
    const received = await text(socket);
    assert.equal(seen.calls, 42);
    assert.deepEqual(received.match(/\r\n\r\n\d+/g), ['\r\n\r\n0', '\r\n\r\n0']);
  });
});
