import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { viewOf } from '../../../src/gateway/results-cache/view.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';

const endpoint = (id: string, more: object = {}): Endpoint =>
  ({
    id,
    health: { kind: 'up' },
    externalLabels: labelsFromRecord({ r: id }),
    ...more,
  }) as unknown as Endpoint;

const keyOf = (...endpoints: readonly Endpoint[]): string => viewOf({ generation: 1, endpoints }).key;

test('gateways that found the same endpoints in another order see the same', () => {
  assert.equal(keyOf(endpoint('a'), endpoint('b')), keyOf(endpoint('b'), endpoint('a')));
});

test('gateways that see an endpoint in another way do not', () => {
  const down = { health: { kind: 'down', failure: {}, since: 0 } };
  const seen = [
    keyOf(endpoint('a'), endpoint('b')),
    keyOf(endpoint('a')),
    keyOf(endpoint('a'), endpoint('b', down)),
    keyOf(endpoint('a'), endpoint('b', { externalLabels: labelsFromRecord({ r: 'c' }) })),
    keyOf(endpoint('a'), endpoint('b', { protocol: 'remote read' })),
    keyOf(endpoint('a'), endpoint('b', { spec: 'another tenant' })),
  ];
  assert.equal(new Set(seen).size, seen.length);
});
