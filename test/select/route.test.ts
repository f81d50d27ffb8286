import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { Matcher } from '../../src/model/matcher.ts';
import { planRoutes } from '../../src/select/route.ts';
import { memoryEndpoint } from './support.ts';

const REPLICAS = new Set(['__replica__']);
const NAME: Matcher = { kind: '=', name: '__name__', value: 'up' };

/** Two shards of one cluster, as a store gateway announces them. */
const gateway = memoryEndpoint('gateway', { cluster: 'eu' }, [], {
  labelSets: [
    labelsFromRecord({ cluster: 'eu', shard: '0', __replica__: 'a' }),
    labelsFromRecord({ cluster: 'eu', shard: '1', tier: 'x', __replica__: 'a' }),
  ],
});

function sent(...matchers: readonly Matcher[]): readonly Matcher[] | undefined {
  const request = { matcherSets: [[NAME, ...matchers]], minTime: 0, maxTime: 1 };
  const { shards } = planRoutes(fixedTopology([gateway]), request, REPLICAS);
  return shards[0]?.routes[0]?.matcherSets[0]?.slice(1);
}

describe('an endpoint with several label sets', () => {
  const matcher = (name: string, kind: Matcher['kind'], value: string): Matcher => ({ kind, name, value });

  it('is asked without matchers on what all sets have in common', () => {
    assert.deepEqual(sent(matcher('cluster', '=', 'eu')), []);
  });

  it('is asked with those on what only some have', () => {
    const shard = matcher('shard', '=', '1');
    assert.deepEqual(sent(shard, matcher('cluster', '=~', 'e.')), [shard]);
    assert.deepEqual(sent(matcher('tier', '=', 'y')), [matcher('tier', '=', 'y')]);
  });

  it('is left out where no set can match', () => {
    assert.equal(sent(matcher('shard', '=', '2')), undefined);
    assert.equal(sent(matcher('cluster', '!=', 'eu')), undefined);
    assert.equal(sent(matcher('shard', '=', '1'), matcher('tier', '=', 'y')), undefined);
  });
});
