import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import { shardsOf } from '../../src/cluster/shard.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { EMPTY_LABELS, type Labels, labelsFromRecord } from '../../src/model/labels.ts';
import { memoryEndpoint } from '../select/support.ts';

const REPLICAS = new Set(['__replica__']);
const A0 = { shard: '0', __replica__: 'a' };
const B0 = { shard: '0', __replica__: 'b' };
const A1 = { shard: '1', __replica__: 'a' };

function endpoint(
  address: string,
  sets: readonly Record<string, string>[],
  more: Partial<Endpoint> = {},
): Endpoint {
  const labelSets: readonly Labels[] = sets.map(labelsFromRecord);
  const single = sets.length === 1;
  return memoryEndpoint(address, {}, [], {
    externalLabels: single ? labelSets[0] : EMPTY_LABELS,
    ...(!single && { labelSets }),
    ...more,
  });
}

const shards = (...endpoints: readonly Endpoint[]): readonly string[] =>
  shardsOf(fixedTopology(endpoints), REPLICAS).map(
    (shard) => `${shard.name}: ${shard.endpoints.map(({ address }) => address).join(', ')}`,
  );

describe('shards', () => {
  it('are the endpoints whose labels differ by replica alone', () => {
    assert.deepEqual(shards(endpoint('p', [A0]), endpoint('q', [A1]), endpoint('r', [B0])), [
      '{shard="0"}: p, r',
      '{shard="1"}: q',
    ]);
  });

  it('are asked for the same times', () => {
    const old = { window: { max: { kind: 'from-now', ms: -1 } } } as const;
    assert.deepEqual(
      shards(endpoint('p', [A0]), endpoint('q', [A0], old), endpoint('r', [B0]), endpoint('s', [B0], old)),
      ['{shard="0"}: p, r', '{shard="0"}: q, s'],
    );
  });

  it('of endpoints with several label sets are those with the very same sets', () => {
    assert.deepEqual(
      shards(
        endpoint('plain', [{}]),
        endpoint('gateway-1', [A0, A1]),
        endpoint('gateway-2', [A1, A0]),
        endpoint('sidecar', [A0]),
      ),
      ['{}: plain', '{shard="0"} and {shard="1"}: gateway-1, gateway-2', '{shard="0"}: sidecar'],
    );
  });

  it('count a querier over the replicas of one shard as a replica of that shard', () => {
    assert.deepEqual(shards(endpoint('sidecar', [A0]), endpoint('querier', [A0, B0])), [
      '{shard="0"}: sidecar, querier',
    ]);
  });

  it('do not let a store of old blocks stand in for the server that wrote them', () => {
    assert.deepEqual(shards(endpoint('sidecar', [A0]), endpoint('gateway', [A0], { component: 'store' })), [
      '{shard="0"}: sidecar',
      '{shard="0"}: gateway',
    ]);
  });

  it('are shown by their first label sets where these are many', () => {
    const sets = Array.from({ length: 9 }, (_, i) => ({ shard: String(i) }));
    assert.deepEqual(shards(endpoint('gateway', sets)), [
      '{shard="0"} and {shard="1"} and {shard="2"} and 6 more: gateway',
    ]);
  });
});

describe('the shards of one topology', () => {
  const topology = fixedTopology([endpoint('p', [A0]), endpoint('q', [B0]), endpoint('r', [A1])]);

  it('are computed once for the same replica labels, in whatever order they come', () => {
    const both = shardsOf(topology, new Set(['__replica__', 'shard']));
    assert.equal(both.length, 1);
    assert.equal(shardsOf(topology, new Set(['shard', '__replica__'])), both);
    assert.notEqual(shardsOf(topology, REPLICAS), both);
  });

  it('do not depend on labels that no endpoint has', () => {
    const known = shardsOf(topology, REPLICAS);
    const many = new Set(['__replica__', ...Array.from({ length: 3000 }, (_, i) => `l${i}`)]);
    assert.equal(shardsOf(topology, many), known);
  });

  it('are remembered for the last few sets of replica labels alone', () => {
    const names = Array.from({ length: 12 }, (_, i) => `l${i}`);
    const wide = fixedTopology([
      endpoint('p', [Object.fromEntries(names.map((name) => [name, 'x']))]),
      endpoint('q', [A0]),
    ]);
    const usual = shardsOf(wide, REPLICAS);
    const first = shardsOf(wide, new Set(['l0']));
    for (const name of names) {
      shardsOf(wide, new Set([name]));
      assert.equal(shardsOf(wide, REPLICAS), usual, 'those in use stay');
    }
    assert.notEqual(shardsOf(wide, new Set(['l0'])), first);
  });

  it('are those of a new snapshot once there is one', () => {
    const next = fixedTopology([...topology.endpoints, endpoint('s', [B0])]);
    assert.equal(shardsOf(topology, REPLICAS)[0]!.endpoints.length, 2);
    assert.equal(shardsOf(next, REPLICAS)[0]!.endpoints.length, 3);
  });
});
