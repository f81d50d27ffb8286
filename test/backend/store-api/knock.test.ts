import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createStoreApiBackend } from '../../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS } from '../../../src/backend/store-api/options.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { freePort } from '../../support/free-port.ts';
import { infoAnswer } from '../../support/fake-store.ts';
import { NEVER, backendTo } from './support.ts';

describe('a sign of life of a server over gRPC', () => {
  it('is any status, such as that it knows nothing of health checks', async (t) => {
    const backend = await backendTo(t, { info: () => infoAnswer() });
    assert.equal(await backend.knock!(NEVER), true);
  });

  it('is asked for where labels are configured, too', async (t) => {
    const externalLabels = labelsFromRecord({ a: 'b' });
    const backend = await backendTo(t, { info: () => infoAnswer() }, { externalLabels });
    assert.equal(await backend.knock!(NEVER), true);
  });

  it('is a connection that is refused', async (t) => {
    const target = `127.0.0.1:${await freePort()}`;
    const backend = createStoreApiBackend({ ...STORE_API_DEFAULTS, address: target, target });
    t.after(() => backend.close());
    assert.equal(await backend.knock!(NEVER), true);
  });

  it('is none where it takes the connection and says nothing', async (t) => {
    const server = createServer();
    server.on('connection', (socket) => t.after(() => socket.destroy()));
    const accepted = once(server, 'connection');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const backend = createStoreApiBackend({ ...STORE_API_DEFAULTS, address: target, target });
    t.after(() => backend.close());
    const ending = new AbortController();
    const knocked = backend.knock!(ending.signal);
    await accepted;
    ending.abort();
    assert.equal(await knocked, false);
  });
});
