import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EndpointId, endpointId } from '../../src/cluster/endpoint-id.ts';
import { coverOf } from '../../src/cluster/redundancy.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { memoryEndpoint } from '../select/support.ts';

const [A, B] = [memoryEndpoint('a', {}, []), memoryEndpoint('b', {}, [])];
const TOO_MANY: Partial<Endpoint> = { hasTooManyTargets: true };

function lost(fractions: Readonly<Record<string, number>>, more: Partial<Endpoint> = {}): Endpoint {
  const covered = new Map<EndpointId, number>(
    Object.entries(fractions).map(([id, fraction]) => [endpointId(id), fraction]),
  );
  return memoryEndpoint('lost', {}, [], { covered, ...more });
}

describe('what the others hold of a lost endpoint', () => {
  it('is what the best of them has', () => {
    assert.deepEqual(coverOf(lost({ a: 0.2, b: 0.95 }), [A, B]), { kind: 'full' });
    assert.deepEqual(coverOf(lost({ a: 0.2, b: 0.6 }), [A, B]), { kind: 'part', fraction: 0.6 });
    assert.deepEqual(coverOf(lost({ a: 0.2 }), [A, B]), { kind: 'none' });
  });

  it('is unproven where they were never compared', () => {
    assert.deepEqual(coverOf(lost({}), [A]), { kind: 'unproven', because: 'never-compared' });
  });

  it('is unproven where there are too many targets to compare', () => {
    const unproven = { kind: 'unproven', because: 'too-many-targets' };
    assert.deepEqual(coverOf(lost({}, TOO_MANY), [A]), unproven);
    const large = memoryEndpoint('b', {}, [], TOO_MANY);
    assert.deepEqual(coverOf(lost({ a: 0.2 }), [A, large]), unproven, 'the large one may hold the rest');
    assert.deepEqual(coverOf(lost({ a: 1 }), [A, large]), { kind: 'full' });
  });

  it('is what the configuration says, whatever was compared', () => {
    assert.deepEqual(coverOf(lost({ a: 1 }, { replication: 'disjoint' }), [A]), { kind: 'none' });
    assert.deepEqual(coverOf(lost({}, { replication: 'redundant', ...TOO_MANY }), [A]), { kind: 'full' });
  });
});
