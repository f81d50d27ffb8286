import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExemplarsRequest } from '../../src/backend/list-calls.ts';
import { endpointId } from '../../src/cluster/endpoint-id.ts';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import type { GatewayLists } from '../../src/gateway/lists.ts';
import type { RulesQuery } from '../../src/gateway/rules.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { MergedLists } from '../../src/select/lists/merged-lists.ts';
import { alertingOf, alertOf, groupOf, recordingOf } from '../select/lists/rules-support.ts';
import { failingEndpoint, memoryEndpoint } from '../select/support.ts';
import { listOf, listsOf, partsOf, selectionOf } from './support.ts';
import { scopeWith } from '../support/scopes.ts';

const RULES: RulesQuery = {
  type: 'all',
  ruleNames: [],
  groupNames: [],
  files: [],
  excludeAlerts: false,
  selectors: [],
  groupLimit: undefined,
  groupNextToken: '',
};

function gatewayOver(given: Partial<MergedLists>): GatewayLists {
  const selection = selectionOf({ lists: listsOf(given) });
  return createGateway(partsOf({ selection })).lists;
}

test('rules come page by page', async () => {
  const groups = ['a', 'b', 'c'].map((name) => groupOf(name, 7n, recordingOf('r', 7n, {})));
  const gateway = gatewayOver({ rules: async () => listOf(...groups) });
  const pages: string[] = [];
  let groupNextToken = '';
  do {
    const page = await gateway.rules(scopeWith(), {
      ...RULES,
      groupLimit: 2,
      groupNextToken,
    });
    pages.push(page.groups.map(({ name }) => name).join(''));
    groupNextToken = page.nextToken;
  } while (groupNextToken !== '');
  assert.deepEqual(pages, ['ab', 'c']);
});

test('a token of a group that went away is refused', async () => {
  const gateway = gatewayOver({ rules: async () => listOf() });
  await assert.rejects(gateway.rules(scopeWith(), { ...RULES, groupLimit: 2, groupNextToken: 'x' }), {
    kind: 'bad_data',
    message:
      'invalid parameter "group_next_token": invalid group_next_token \'x\'. were rule groups changed?',
  });
});

test('a selector of rules that would match everything is refused', async () => {
  await assert.rejects(gatewayOver({}).rules(scopeWith(), { ...RULES, selectors: ['{a=""}'] }), {
    kind: 'bad_data',
  });
});

test('alerts are those of all alerting rules', async () => {
  const [x, y] = [alertOf({ job: 'x' }, 'firing', 3n), alertOf({ job: 'y' }, 'pending', 3n)];
  const gateway = gatewayOver({
    rules: async (_, { type }) => {
      assert.equal(type, 'alerting');
      return listOf(
        groupOf('g', 7n, alertingOf('r', 7n, {}, 'firing', x)),
        groupOf('h', 7n, alertingOf('s', 7n, {}, 'pending', y)),
      );
    },
  });
  assert.deepEqual((await gateway.alerts(scopeWith())).items, [x, y]);
});

test('alerts have external labels where the settings say so', async () => {
  const asked: unknown[] = [];
  const selection = selectionOf({
    lists: listsOf({
      rules: async (_, { alertExternalLabels }) => {
        asked.push(alertExternalLabels);
        return listOf();
      },
    }),
  });
  const parts = partsOf({ selection });
  const told = { ...parts, defaults: { ...parts.defaults, alertExternalLabels: true } };
  for (const each of [parts, told]) await createGateway(each).lists.alerts(scopeWith());
  assert.deepEqual(asked, [undefined, true]);
});

test('who wants to know what replicas say of rules, alerts and targets has the selection asked for it', async () => {
  const asked: unknown[] = [];
  const gateway = gatewayOver({
    rules: async (_, { showReplicas }) => {
      asked.push(showReplicas);
      return listOf();
    },
    targets: async (_, { showReplicas }) => {
      asked.push(showReplicas);
      return { active: [], dropped: [], droppedCounts: undefined, annotations: [] };
    },
  });
  const wanted = { showReplicas: true };
  await gateway.rules(scopeWith(), { ...RULES, ...wanted });
  await gateway.alerts(scopeWith(), wanted);
  await gateway.targets(scopeWith(), { state: 'any', scrapePool: '', ...wanted });
  await gateway.alerts(scopeWith());
  assert.deepEqual(asked, [true, true, true, undefined]);
});

test('limits of metadata: metrics, and items of each', async () => {
  const item = (metric: string, help: string) => ({ metric, type: '', unit: '', help });
  const gateway = gatewayOver({
    metadata: async () => listOf(item('a', '1'), item('a', '2'), item('b', '1')),
  });
  const shown = async (limit: number | undefined, limitPerMetric: number | undefined) => {
    const { metrics } = await gateway.metadata(scopeWith(), {
      metric: '',
      limit,
      limitPerMetric,
    });
    return [...metrics].map(([name, list]) => `${name}${list.length}`).join(' ');
  };
  assert.equal(await shown(undefined, undefined), 'a2 b1');
  assert.equal(await shown(1, undefined), 'a2');
  assert.equal(await shown(undefined, 1), 'a1 b1');
  assert.equal(await shown(0, undefined), '');
});

test('the limit of metadata of targets never cuts through a target', async () => {
  const item = (job: string, metric: string) => ({
    target: labelsFromRecord({ job }),
    metric,
    type: '',
    unit: '',
    help: '',
  });
  const gateway = gatewayOver({
    targetMetadata: async () => listOf(item('x', 'a'), item('x', 'b'), item('y', 'a')),
  });
  const count = async (limit: number | undefined) =>
    (await gateway.targetMetadata(scopeWith(), { metric: '', matchTarget: '', limit })).items.length;
  assert.deepEqual(await Promise.all([undefined, 0, 1, 2, 3].map(count)), [3, 0, 2, 2, 3]);
});

test('scrape pools are those of targets and those that only dropped some', async () => {
  const gateway = gatewayOver({
    targets: async () => ({
      active: [],
      dropped: [],
      droppedCounts: new Map([
        ['b', 0],
        ['a', 1],
      ]),
      annotations: [],
    }),
  });
  assert.deepEqual((await gateway.scrapePools(scopeWith())).items, ['a', 'b']);
});

test('exemplars are asked for by the selectors of a query', async () => {
  const seen: ExemplarsRequest[] = [];
  const gateway = gatewayOver({
    exemplars: async (_, request) => {
      seen.push(request);
      return listOf();
    },
  });
  const query = { text: 'rate(a[5m]) / on () sum({b="c"})', minTime: 1, maxTime: 2 };
  await gateway.exemplars(scopeWith(), query);
  await gateway.exemplars(scopeWith(), { ...query, text: '1 + 2' });
  assert.deepEqual(seen, [
    {
      matcherSets: [[{ kind: '=', name: '__name__', value: 'a' }], [{ kind: '=', name: 'b', value: 'c' }]],
      minTime: 1,
      maxTime: 2,
    },
  ]);
  await assert.rejects(gateway.exemplars(scopeWith(), { ...query, minTime: 3 }), {
    message: 'end timestamp must not be before start timestamp',
  });
});

test('endpoints are listed by what they are, those that never answered as unknown', () => {
  const failure = { kind: 'unavailable', endpoint: 'c:1', reason: 'refused' } as const;
  const endpoints: readonly Endpoint[] = [
    memoryEndpoint('a:1', { shard: '0' }, [], { component: 'prometheus' }),
    failingEndpoint('c:1', {}, { externalLabels: undefined, health: { kind: 'down', failure, since: 5 } }),
    memoryEndpoint('b:1', {}, [], { component: 'prometheus' }),
  ];
  const selection = selectionOf({
    topology: () => fixedTopology(endpoints),
    status: () => ({ checkedAt: new Map([[endpointId('a:1'), 9]]), sources: [] }),
  });
  const stores = createGateway(partsOf({ selection })).lists.stores();
  assert.deepEqual(
    [...stores].map(([kind, list]) => [
      kind,
      ...list.map(({ name, lastError, lastCheck }) => [name, lastError, lastCheck]),
    ]),
    [
      ['prometheus', ['a:1', undefined, 9], ['b:1', undefined, undefined]],
      ['unknown', ['c:1', 'refused', undefined]],
    ],
  );
  assert.deepEqual(stores.get('prometheus')![0]!.labelSets, [labelsFromRecord({ shard: '0' })]);
});

test('what is wrong with how an endpoint is asked is told whether it answers or not', () => {
  const trouble = (): string => 'the token is an old one';
  const failure = { kind: 'unavailable', endpoint: 'b:1', reason: 'refused' } as const;
  const troubled = (endpoint: Endpoint): Endpoint => ({
    ...endpoint,
    backend: Object.assign(endpoint.backend, { trouble }),
  });
  const endpoints = [
    troubled(memoryEndpoint('a:1', {}, [])),
    troubled(failingEndpoint('b:1', {}, { health: { kind: 'down', failure, since: 5 } })),
  ];
  const selection = selectionOf({
    topology: () => fixedTopology(endpoints),
    status: () => ({ checkedAt: new Map(), sources: [] }),
  });
  const stores = createGateway(partsOf({ selection })).lists.stores();
  assert.deepEqual(
    [...stores.values()].flat().map(({ health, lastError }) => [health, lastError]),
    [
      ['up', 'the token is an old one'],
      ['down', 'refused; the token is an old one'],
    ],
  );
});

test('an endpoint that hangs is down, and says why, though no look at its health told so yet', () => {
  const endpoints = [memoryEndpoint('a:1', {}, []), memoryEndpoint('b:1', {}, [])];
  const open = { state: 'open', since: 7, reason: 'it hangs', usualMs: 3 } as const;
  const slow = { state: 'slow', since: 7, reason: 'it was slow', usualMs: 3 } as const;
  const selection = selectionOf({
    topology: () => fixedTopology(endpoints),
    status: () => ({ checkedAt: new Map(), sources: [] }),
    breaker: ({ id }) => (id === 'a:1' ? open : slow),
  });
  const stores = createGateway(partsOf({ selection })).lists.stores();
  assert.deepEqual(
    [...stores.values()].flat().map(({ health, lastError, breaker }) => [health, lastError, breaker]),
    [
      ['down', 'it hangs', open],
      ['up', 'it was slow', slow],
    ],
  );
});
