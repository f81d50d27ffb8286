import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { seesOnly } from '../../../src/model/enforced-matchers.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { ANYBODY } from '../../../src/model/request-scope.ts';
import { planRoutes } from '../../../src/select/routing/route.ts';
import { memoryEndpoint, scopeOf } from '../support.ts';

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
  const { shards } = planRoutes(scopeOf(), fixedTopology([gateway]), request, 0);
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

describe('endpoints that a request chose', () => {
  const endpoints = [
    memoryEndpoint('a:1', { shard: '0', __replica__: 'a' }, []),
    memoryEndpoint('b:1', { shard: '0', __replica__: 'b' }, []),
    memoryEndpoint('c:1', {}, [], {
      labelSets: [labelsFromRecord({ shard: '1' }), labelsFromRecord({ shard: '2' })],
    }),
    memoryEndpoint('d:1', {}, [], { externalLabels: undefined }),
  ];
  const is = (name: string, value: string): Matcher => ({ kind: '=', name, value });
  const planFor = (chosen: readonly (readonly Matcher[])[], known: readonly Endpoint[] = endpoints) => {
    const scope = scopeOf();
    const options = { ...scope.options, endpoints: chosen };
    return planRoutes(
      { ...scope, options },
      fixedTopology(known),
      { matcherSets: [], minTime: 0, maxTime: 1 },
      0,
    );
  };
  const asked = (...chosen: readonly (readonly Matcher[])[]): readonly string[] => {
    const { shards, unknown } = planFor(chosen);
    return [...shards.flatMap(({ routes }) => routes.map(({ endpoint }) => endpoint)), ...unknown]
      .map(({ address }) => address)
      .toSorted();
  };

  it('are all of them where it chose none', () => {
    assert.deepEqual(asked(), ['a:1', 'b:1', 'c:1', 'd:1']);
  });

  it('match by address and by external labels together', () => {
    assert.deepEqual(asked([is('__address__', 'b:1')]), ['b:1']);
    assert.deepEqual(asked([is('__address__', 'b:1'), is('shard', '1')]), []);
    assert.deepEqual(asked([is('shard', '0'), is('__replica__', 'a')]), ['a:1']);
  });

  it('match by any of several label sets, and by any alternative', () => {
    assert.deepEqual(asked([is('shard', '2')]), ['c:1']);
    assert.deepEqual(asked([is('shard', '2')], [is('__address__', 'a:1')]), ['a:1', 'c:1']);
  });

  it('have no labels as long as nobody knows them', () => {
    assert.deepEqual(asked([is('shard', '')]), ['d:1']);
  });

  it('are told to be none where none was asked, and no others', () => {
    const said = (...parameters: Parameters<typeof planFor>): readonly string[] =>
      planFor(...parameters).remarks.map(({ severity, message }) => `${severity}: ${message}`);
    assert.deepEqual(said([[is('shard', '3')]]), [
      'warning: no endpoint matches a selector of storeMatch[], so none was asked; ' +
        '/api/v1/stores lists the addresses (__address__) and external labels of all',
    ]);
    assert.deepEqual(said([], []), [
      'warning: no endpoint is known, so none was asked; /-/ready says what to do',
    ]);
    assert.deepEqual(said([[is('shard', '3')], [is('shard', '2')]]), []);
  });
});

describe('matchers that a caller is held to', () => {
  const held: Matcher = { kind: '=', name: 'team', value: 'a' };
  const own = memoryEndpoint('own', { team: 'a' }, []);
  const other = memoryEndpoint('other', { team: 'b' }, []);
  const free = memoryEndpoint('free', { region: 'x' }, []);
  const scope = { ...scopeOf(), caller: { ...ANYBODY, tenant: 'a', enforced: seesOnly([held]) } };
  const range = { minTime: 0, maxTime: 1 };
  const routesFor = (matcherSets: readonly (readonly Matcher[])[]) =>
    planRoutes(scope, fixedTopology([own, other, free]), { matcherSets, ...range }, 0).shards.flatMap(
      (shard) => shard.routes.map(({ endpoint, matcherSets: sets }) => [endpoint.address, sets] as const),
    );

  it('choose endpoints and are sent along with each alternative', () => {
    assert.deepEqual(routesFor([[NAME], []]), [
      ['own', [[NAME], []]],
      ['free', [[NAME, held], [held]]],
    ]);
  });

  it('hold where the request selects nothing in particular', () => {
    assert.deepEqual(routesFor([]), [
      ['own', [[]]],
      ['free', [[held]]],
    ]);
  });
});
