import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts';
import { distinctReplicaLabels } from '../../src/gateway/request-limits.ts';
import type { Matcher } from '../../src/model/matcher.ts';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { partsOf } from './support.ts';
import { originOf } from '../support/open-requests.ts';

function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `l${i}`);
}

describe('replica labels of a request', () => {
  it('count once, however often they are named', () => {
    const names = namesOf(100);
    assert.deepEqual(distinctReplicaLabels([...names, ...names], 'f'), names);
  });

  it('are refused where there are more than 100', () => {
    assert.throws(() => distinctReplicaLabels(namesOf(101), 'replicaLabels[]'), {
      kind: 'bad_data',
      message: 'the request has 101 label names in replicaLabels[]; the most that are taken are 100',
    });
  });
});

describe('selectors and matchers of a request', () => {
  const many = namesOf(501);
  const matchers = many.map((name): Matcher => ({ kind: '=', name, value: '' }));
  const lookup = { selectors: many, minTime: 0, maxTime: 1, limit: 0 };
  const store = { matchers, minTime: 0, maxTime: 1, limit: 0 };
  const rules = {
    type: 'all',
    ruleNames: [],
    groupNames: [],
    files: [],
    selectors: [],
    excludeAlerts: false,
    groupLimit: undefined,
    groupNextToken: '',
  } as const;
  const statistics = { limit: undefined, selectors: [], matchers: [] };

  const calls: Readonly<Record<string, (gateway: Gateway, scope: RequestScope) => Promise<unknown>>> = {
    'series by match[]': (gateway, scope) => gateway.series(scope, lookup),
    'label names by match[]': (gateway, scope) => gateway.labelNames(scope, lookup),
    'label values by match[]': (gateway, scope) => gateway.labelValues(scope, 'a', lookup),
    'rules by match[]': (gateway, scope) => gateway.lists.rules(scope, { ...rules, selectors: many }),
    'rules by name': (gateway, scope) => gateway.lists.rules(scope, { ...rules, ruleNames: many }),
    'rules by group': (gateway, scope) => gateway.lists.rules(scope, { ...rules, groupNames: many }),
    'rules by file': (gateway, scope) => gateway.lists.rules(scope, { ...rules, files: many }),
    'statistics by match[]': (gateway, scope) =>
      gateway.lists.tsdbStatistics(scope, { ...statistics, selectors: many }),
    'statistics by matchers': (gateway, scope) =>
      gateway.lists.tsdbStatistics(scope, { ...statistics, matchers }),
    'chunks by matchers': (gateway, scope) =>
      gateway.store.select(scope, { ...store, hints: { range: 0, func: '' } }),
    'series by matchers': (gateway, scope) => gateway.store.series(scope, store),
    'label names by matchers': (gateway, scope) => gateway.store.labelNames(scope, store),
    'label values by matchers': (gateway, scope) => gateway.store.labelValues(scope, 'a', store),
  };
  for (const [what, call] of Object.entries(calls))
    it(`are refused where there are more than 500: ${what}`, async () => {
      const gateway = createGateway(partsOf({}));
      const scope = gateway.open({}, originOf(new AbortController().signal));
      await assert.rejects(call(gateway, scope), {
        kind: 'bad_data',
        message: /the request has 501 .*; the most that are taken are 500$/,
      });
    });
});

describe('the regular expressions of a request', () => {
  const patterns = Array.from({ length: 30 }, (_, i) => `${'a.b'.repeat(500)}${i}`);
  const selectors = patterns.map((pattern) => `x{a=~"${pattern}"}`);
  const matchers = patterns.map((value): Matcher => ({ kind: '=~', name: 'a', value }));
  const range = { minTime: 0, maxTime: 1 };
  const lookup = { ...range, selectors, limit: 0 };
  const store = { ...range, matchers, limit: 0 };
  const statistics = { limit: undefined, selectors: [], matchers: [] };
  const sink = { addSeries: () => undefined, endQuery: () => undefined, bytes: 0 };
  const reads = matchers.map((each) => ({ ...range, matchers: [each] }));

  const calls: Readonly<Record<string, (gateway: Gateway, scope: RequestScope) => Promise<unknown>>> = {
    'in match[]': (gateway, scope) => gateway.series(scope, lookup),
    'in match[] of exports': (gateway, scope) => gateway.raw.export(scope, lookup),
    'in match[] of statistics': (gateway, scope) =>
      gateway.lists.tsdbStatistics(scope, { ...statistics, selectors }),
    'in matchers of statistics': (gateway, scope) =>
      gateway.lists.tsdbStatistics(scope, { ...statistics, matchers }),
    'in queries of a read': (gateway, scope) => gateway.raw.readSamples(scope, reads, sink),
    'in matchers of a store': (gateway, scope) =>
      gateway.store.select(scope, { ...store, hints: { range: 0, func: '' } }),
    'in matchers of names': (gateway, scope) => gateway.store.labelNames(scope, store),
  };
  for (const [what, call] of Object.entries(calls))
    it(`are refused before they are compiled where they are too large together: ${what}`, async () => {
      const gateway = createGateway(partsOf({}));
      const scope = gateway.open({}, originOf(new AbortController().signal));
      await assert.rejects(call(gateway, scope), {
        kind: 'bad_data',
        message: /the first 14 regular expressions are too large together: .* 20000 are allowed in a query$/,
      });
    });
});
