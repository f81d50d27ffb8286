import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seesOnly } from '../../../src/model/enforced-matchers.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import { MINUTE, type Gateway, type World } from '../read-once/world.ts';
import { scopeOf } from '../support.ts';
import { answer, between, NOW, shard, warmGateway } from './world.ts';

const QUERY = 'count by (cluster, instance) (m_total)';

describe('samples are read, and the server is not asked to compute', () => {
  interface Case {
    readonly query?: string;
    readonly shards?: readonly World[];
    readonly scope?: (usual: RequestScope) => RequestScope;
    readonly prepare?: (gateway: Gateway) => void;
  }
  const reads = (what: string, outcomes: readonly string[], given: Case): void => {
    const { query = QUERY, shards, scope, prepare } = given;
    test(what, async () => {
      const gateway = await warmGateway(...(shards ?? [shard('eu', 1)]));
      let calls = 0;
      between(gateway, async (own, inner, request) => {
        calls++;
        return own(inner, request);
      });
      prepare?.(gateway);
      const usual = scopeOf({ pushdown: true });
      const used = scope?.(usual) ?? usual;
      const expected = await answer(gateway.inFull, query, used);
      assert.deepEqual(await answer(gateway.pushing, query, used), expected);
      assert.deepEqual(gateway.pushes, outcomes);
      assert.equal(calls, outcomes.filter((each) => each === 'pushed').length);
    });
  };
  reads('where the request does not want it', [], { scope: () => scopeOf() });
  reads('for a tenant', ['tenant'], {
    scope: (usual) => ({
      ...usual,
      caller: { ...usual.caller, enforced: seesOnly([{ kind: '=', name: 'instance', value: 'eu-t0' }]) },
    }),
  });
  reads('where another server evaluates in its own way', ['server', 'pushed'], {
    shards: [shard('eu', 1), shard('us', 1)],
    prepare: ({ endpoints: [first] }) => Object.assign(first!.backend, { evaluate: undefined }),
  });
  reads('of shards that no label tells apart', ['labels', 'labels'], {
    shards: [shard('eu', 1), { ...shard('us', 1), replicas: [{ phase: 0.4, away: [] }] }],
    prepare: ({ endpoints }) => {
      for (const endpoint of endpoints) Object.assign(endpoint, { ownLabels: new Set(['cluster']) });
    },
  });
  reads('where it is not known which labels series carry', ['labels'], {
    prepare: ({ endpoints: [first] }) => Object.assign(first!, { ownLabels: 'unknown' }),
  });
  for (const [what, made] of [
    ['that is made of an external one', 'label_replace(m_total, "at", "$1", "cluster", "(.*)")'],
    ['that has the name of a replica label', 'label_join(m_total, "__replica__", "-", "job", "instance")'],
  ] as const)
    reads(`for a label ${what}`, ['labels'], { query: `count by (at, __replica__) (${made})` });
  reads('of an endpoint that is suspect', ['unhealthy'], {
    prepare: ({ endpoints: [first] }) => Object.assign(first!, { health: { kind: 'up', isSuspect: true } }),
  });
  reads('where the preferred replica was away', ['unproven'], {
    shards: [
      shard('eu', 2, {
        replicas: [
          { phase: 0.2, away: [{ from: NOW - 12 * MINUTE, to: NOW - 9 * MINUTE }] },
          { phase: 0.7, away: [] },
        ],
      }),
    ],
  });
});

test('where each replica is to be seen, each computes for itself', async () => {
  const gateway = await warmGateway(shard('eu'));
  const scope = (): RequestScope => scopeOf({ pushdown: true, dedup: false });
  const query = 'count by (__replica__) (m_total)';
  assert.deepEqual(
    await answer(gateway.pushing, query, scope()),
    await answer(gateway.inFull, query, scope()),
  );
  assert.deepEqual(gateway.pushes, ['pushed', 'pushed']);
});
