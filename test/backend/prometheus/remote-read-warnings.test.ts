import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startFakePrometheus, STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { scopeWith } from '../../support/scopes.ts';
import { backendAt, SELECT_UP, valueOf } from './support.ts';

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
