import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import { takeMessages } from '../../../src/backend/store-api/message-stream.ts';
import { GrpcClient } from '../../../src/backend/store-api/grpc-client.ts';
import { STORE_API_DEFAULTS } from '../../../src/backend/store-api/options.ts';
import { openBudget, type Budget } from '../../../src/model/budget.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import { frameHead, startFramedStore, startStreamServer } from '../../support/load/framed-store.ts';
import { scopeWith } from '../../support/scopes.ts';
import { until } from '../../support/until.ts';

const MB = 1024 * 1024;

interface Stalling {
  readonly target: string;
  /** Ends once the client canceled its call. */
  readonly canceled: Promise<void>;
}

/** A server that declares a message of 60 MB, sends 40 MB of it and stops. */
async function stalling(t: TestContext): Promise<Stalling> {
  const canceled = Promise.withResolvers<void>();
  const server = await startStreamServer((stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.once('close', () => canceled.resolve());
    stream.write(Buffer.concat([frameHead(60 * MB), Buffer.alloc(40 * MB)]));
  });
  t.after(() => server.close());
  return { target: server.target, canceled: canceled.promise };
}

function budgetOf(bytes: number): Budget {
  return openBudget(new MemoryCeiling(0), { bytes, series: 0 });
}

function take(
  t: TestContext,
  target: string,
  budget: Budget,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const client = new Client(target, credentials.createInsecure(), {
    'grpc.max_receive_message_length': 64 * MB,
  });
  t.after(() => client.close());
  const call = { method: '/thanos.Store/Series', request: new Uint8Array(0), metadata: new Metadata() };
  return takeMessages(client, call, { signal }, { bytes: 0, budget }, () => undefined);
}

describe('what has come of a message that is not whole', () => {
  it('counts, and is given back where the call ends', async (t) => {
    const { target } = await stalling(t);
    const budget = budgetOf(0);
    const controller = new AbortController();
    const taken = take(t, target, budget, controller.signal);
    await until('40 MB came', 10_000, async () => budget.held > 39 * MB, 5);
    controller.abort();
    await assert.rejects(taken, /CANCELLED/);
    assert.equal(budget.held, 0);
  });

  it('ends the call where the request has no room for it', async (t) => {
    const { target, canceled } = await stalling(t);
    const budget = budgetOf(10 * MB);
    await assert.rejects(take(t, target, budget), { kind: 'too_large' });
    await canceled;
    assert.ok(budget.peak <= 10 * MB && budget.peak > 9 * MB, `${budget.peak}`);
    assert.equal(budget.held, 0);
  });

  it('ends a call with one answer in the same way', async (t) => {
    const { target, canceled } = await stalling(t);
    const client = new GrpcClient({ ...STORE_API_DEFAULTS, address: target, target });
    t.after(() => client.close());
    const scope = { ...scopeWith(), budget: budgetOf(10 * MB) };
    await assert.rejects(client.unary('/thanos.Store/LabelNames', new Uint8Array(0), scope), {
      kind: 'too_large',
    });
    await canceled;
    assert.equal(scope.budget.held, 0);
  });

  it('counts no more once the message is whole, whatever the frames', async (t) => {
    const sizes = [0, 1, 70_000, 4, 1_000_000, 0, 65_536, 3];
    const store = await startFramedStore(sizes.map((size) => Buffer.alloc(size)));
    t.after(() => store.close());
    const budget = budgetOf(0);
    await take(t, store.target, budget);
    assert.equal(budget.held, 0);
    assert.ok(budget.peak > 900_000 && budget.peak <= 1_000_000, `${budget.peak}`);
  });

  it('is recognised where its prefix comes byte by byte', async (t) => {
    const server = await startStreamServer(async (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      for (const byte of Buffer.concat([frameHead(200_000)])) {
        stream.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      stream.end(Buffer.alloc(200_000));
      await once(stream, 'close');
    });
    t.after(() => server.close());
    const budget = budgetOf(0);
    await take(t, server.target, budget);
    assert.equal(budget.held, 0);
    assert.ok(budget.peak >= 65_536 && budget.peak <= 200_000, `${budget.peak}`);
  });
});
