import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { startTestGateway } from '../support/running-gateway.ts';

test('a start that cannot listen for HTTP listens for gRPC no more', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const grpc = await freePort();
  const start = startTestGateway([], {
    'http.address': `127.0.0.1:${(taken.address() as AddressInfo).port}`,
    'grpc.address': `127.0.0.1:${grpc}`,
  });
  await assert.rejects(start, /cannot listen for HTTP/);
  const socket = connect(grpc, '127.0.0.1');
  t.after(() => socket.destroy());
  await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' });
});
