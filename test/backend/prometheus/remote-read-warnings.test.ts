import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FakePaths, startFakePrometheus, STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { scopeWith } from '../../support/scopes.ts';
import { sendJson } from '../../support/fake-server.ts';
import { backendAt, failureOf, NEVER, SELECT_UP, valueOf } from './support.ts';

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  '["shard x is missing","\\u00e4"]': ['shard x is missing', 'ä'],
  '[]': [],
  '["cut': ['its answer lacks something, but not in a form that can be read'],
};

describe('a gateway that is read says in a header what its answer lacks', () => {
  for (const [header, messages] of Object.entries(HEADERS))
    it(header, async (t) => {
      const asked: string[] = [];
      const server = await startFakePrometheus({
        '/api/v1/read': ({ parameters }, response) => {
          asked.push(parameters.get('partial_response') ?? '');
          response.writeHead(200, { 'content-type': STREAMED_TYPE, 'x-promweave-warnings': header }).end();
        },
      });
      t.after(() => server.close());
      const { annotations } = valueOf(await backendAt(t, server.url).select(scopeWith(), SELECT_UP));
      assert.deepEqual(
        annotations,
        messages.map((message) => ({ kind: 'incomplete', message })),
      );
      assert.ok(asked.every((each) => each === 'true'));
    });
});

const GATEWAY: FakePaths = {
  '/api/v1/status/buildinfo': (_, response) =>
    sendJson(response, { status: 'success', data: { application: 'promweave', version: '0.1.0' } }),
};

describe('a gateway that is read may say behind the stream what its answer lacks', () => {
  it('and is told that this is heard', async (t) => {
    const wishes: unknown[] = [];
    const server = await startFakePrometheus({
      ...GATEWAY,
      '/api/v1/read': ({ headers }, response) => {
        wishes.push(headers['te']);
        response.writeHead(200, {
          'content-type': STREAMED_TYPE,
          'x-promweave-warnings-follow': 'trailer',
          trailer: 'x-promweave-warnings',
        });
        response.addTrailers({ 'x-promweave-warnings': '["a series is damaged"]' });
        response.end();
      },
    });
    t.after(() => server.close());
    const backend = backendAt(t, server.url);
    valueOf(await backend.describe(NEVER));
    const { annotations } = valueOf(await backend.select(scopeWith(), SELECT_UP));
    assert.deepEqual(annotations, [{ kind: 'incomplete', message: 'a series is damaged' }]);
    assert.deepEqual(wishes, ['trailers', 'trailers']);
  });

  it('but is asked for headers where a proxy leaves trailers out', async (t) => {
    const wishes: unknown[] = [];
    const server = await startFakePrometheus({
      ...GATEWAY,
      '/api/v1/read': ({ headers }, response) => {
        wishes.push(headers['te']);
        const isLate = headers['te'] !== undefined;
        response.writeHead(200, {
          'content-type': STREAMED_TYPE,
          [isLate ? 'x-promweave-warnings-follow' : 'x-promweave-warnings']: '["a series is damaged"]',
        });
        response.end();
      },
    });
    t.after(() => server.close());
    const backend = backendAt(t, server.url);
    valueOf(await backend.describe(NEVER));
    for (let i = 0; i < 2; i++) {
      const { annotations } = valueOf(await backend.select(scopeWith(), SELECT_UP));
      assert.deepEqual(annotations, [{ kind: 'incomplete', message: 'a series is damaged' }]);
    }
    assert.deepEqual(wishes, ['trailers', undefined, undefined, undefined]);
  });

  it('and fails where it promises that and keeps it in no way', async (t) => {
    const server = await startFakePrometheus({
      ...GATEWAY,
      '/api/v1/read': (_, response) => {
        response.writeHead(200, { 'content-type': STREAMED_TYPE, 'x-promweave-warnings-follow': 'trailer' });
        response.end();
      },
    });
    t.after(() => server.close());
    const { reason } = failureOf(await backendAt(t, server.url).select(scopeWith(), SELECT_UP));
    assert.match(reason, /says that a trailer follows, for which it was not asked, and none does/);
  });
});
