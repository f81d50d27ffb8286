import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_LISTS, type ListCalls, type TargetMetadataRequest } from '../../../src/backend/list-calls.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { success } from '../../../src/model/result.ts';
import { ALL_RULES, alertOf, alertingOf, groupOf, recordingOf } from './rules-support.ts';
import { coveredBy, failingEndpoint, memoryEndpoint, messages, scopeOf, selectionOf } from '../support.ts';

type Pairs = Record<string, string>;

function withRule(address: string, labels: Pairs, more: Partial<Endpoint> = {}): Endpoint {
  const group = groupOf('g', 7n, recordingOf('r', 7n, labels));
  return memoryEndpoint(address, labels, [], more, {
    ...NO_LISTS,
    rules: () => Promise.resolve(success({ items: [group], annotations: [] })),
  });
}

const REPLICA_A = { shard: '0', __replica__: 'a' };
const REPLICA_B = { shard: '0', __replica__: 'b' };

test('a lost replica is an info, since its sibling has the same rules', async () => {
  const selection = selectionOf(
    withRule('a:1', REPLICA_A),
    failingEndpoint('b:1', REPLICA_B, coveredBy('a:1')),
  );
  const { items, annotations } = await selection.lists.rules(scopeOf(), ALL_RULES);
  assert.equal(items[0]!.rules.length, 1);
  assert.match(messages(annotations).join(), /^info: in shard .*b:1 did not answer: connection refused/);
});

test('a lost shard is a warning, or without partial response an error', async () => {
  const { lists } = selectionOf(withRule('a:1', REPLICA_A), failingEndpoint('c:1', { shard: '1' }));
  const { items, annotations } = await lists.rules(scopeOf(), ALL_RULES);
  assert.equal(items.length, 1);
  assert.match(messages(annotations).join(), /^warning: shard {shard="1"} is missing/);
  const strict = { partialResponse: false };
  for (const call of [
    () => lists.rules(scopeOf(strict), ALL_RULES),
    () => lists.targets(scopeOf(strict), { state: 'any', scrapePool: '' }),
    () => lists.alertmanagers(scopeOf(strict)),
    () => lists.metadata(scopeOf(strict), { metric: '' }),
    () => lists.targetMetadata(scopeOf(strict), { metric: '', matchers: [] }),
    () => lists.exemplars(scopeOf(strict), { matcherSets: [[]], minTime: 0, maxTime: 1 }),
  ])
    await assert.rejects(call(), { kind: 'unavailable', message: /shard {shard="1"} is missing/ });
});

test('Alertmanagers of all servers are listed once, and are dropped where none sends to them', async () => {
  const sendingTo = (active: readonly string[], dropped: readonly string[]): ListCalls => ({
    ...NO_LISTS,
    alertmanagers: () => Promise.resolve(success({ active, dropped, annotations: [] })),
  });
  const { lists } = selectionOf(
    memoryEndpoint('a:1', REPLICA_A, [], {}, sendingTo(['http://y', 'http://x'], ['http://z'])),
    memoryEndpoint('b:1', REPLICA_B, [], {}, sendingTo(['http://x'], ['http://y', 'http://w'])),
  );
  const { active, dropped } = await lists.alertmanagers(scopeOf());
  assert.deepEqual(active, ['http://x', 'http://y']);
  assert.deepEqual(dropped, ['http://w', 'http://z']);
});

test('matchers on external labels choose endpoints', async () => {
  const { lists } = selectionOf(withRule('a:1', REPLICA_A), failingEndpoint('c:1', { shard: '1' }));
  const matcherSets = [[{ kind: '=', name: 'shard', value: '0' } as const]];
  const { items, annotations } = await lists.rules(scopeOf(), { ...ALL_RULES, matcherSets });
  assert.equal(items.length, 1);
  assert.deepEqual(annotations, []);
});

test('remarks of endpoints come with their address in front', async () => {
  const remark = [{ kind: 'incomplete', message: 'slow disk' } as const];
  const endpoint = memoryEndpoint(
    'a:1',
    {},
    [],
    {},
    {
      ...NO_LISTS,
      metadata: () => Promise.resolve(success({ items: [], annotations: remark })),
    },
  );
  const { annotations } = await selectionOf(endpoint).lists.metadata(scopeOf(), { metric: '' });
  assert.deepEqual(messages(annotations), ['warning: a:1: slow disk']);
});

test('matchers on targets: external labels are taken out of what is sent, all are applied to what comes', async () => {
  const seen: TargetMetadataRequest[] = [];
  const target = (job: string) => recordingOf('', 0n, { ...REPLICA_A, job }).labels;
  const lists: ListCalls = {
    ...NO_LISTS,
    targetMetadata: (_, request) => {
      seen.push(request);
      const items = ['x', 'y'].map((job) => ({
        metric: 'm',
        type: '',
        unit: '',
        help: '',
        target: target(job),
      }));
      return Promise.resolve(success({ items, annotations: [] }));
    },
  };
  const shard = { kind: '=', name: 'shard', value: '0' } as const;
  const job = { kind: '=', name: 'job', value: 'x' } as const;
  const selection = selectionOf(memoryEndpoint('a:1', REPLICA_A, [], {}, lists));
  const { items } = await selection.lists.targetMetadata(scopeOf(), {
    metric: '',
    matchers: [shard, job],
  });
  assert.deepEqual(seen[0]!.matchers, [job]);
  assert.deepEqual(
    items.map((item) => item.target.join(' ')),
    ['job x shard 0'],
  );
});

test('alerts and rules that differ by a label of an application with the name of the replica label stay apart', async () => {
  const endpoints = ['a', 'b'].map((replica) => {
    const labels = { __replica__: replica };
    const alerts = ['db-1', 'db-2'].map((own) => alertOf({ __replica__: own }, 'firing', 1n));
    const group = groupOf(
      'g',
      7n,
      alertingOf('Down', 7n, labels, 'firing', ...alerts),
      recordingOf('r', 7n, { __replica__: 'db-1' }),
      recordingOf('r', 7n, { __replica__: 'db-2' }),
    );
    return memoryEndpoint(
      `${replica}:1`,
      labels,
      [],
      { ownLabels: new Set(['__replica__']) },
      {
        ...NO_LISTS,
        rules: () => Promise.resolve(success({ items: [group], annotations: [] })),
      },
    );
  });
  const { items } = await selectionOf(...endpoints).lists.rules(scopeOf(), ALL_RULES);
  const rules = items.flatMap((group) => group.rules);
  assert.deepEqual(
    rules.map(({ labels }) => labels.join(' ')),
    ['', '__replica__ db-1', '__replica__ db-2'],
  );
  const [alerting] = rules;
  assert.ok(alerting?.kind === 'alerting');
  assert.deepEqual(
    alerting.alerts.map(({ labels }) => labels.join(' ')),
    ['__replica__ db-1', '__replica__ db-2'],
  );
});

test('alerts have the external labels of their shard where that is asked for, and keep their own', async () => {
  const endpoints = [REPLICA_A, REPLICA_B, { shard: '1', __replica__: 'a' }].map((labels, i) => {
    const alerts = [alertOf({ job: 'x' }, 'firing', 1n), alertOf({ job: 'y', shard: 'own' }, 'firing', 1n)];
    const group = groupOf('g', 7n, alertingOf('Down', 7n, labels, 'firing', ...alerts));
    return memoryEndpoint(
      `${i}:1`,
      labels,
      [],
      {},
      {
        ...NO_LISTS,
        rules: () => Promise.resolve(success({ items: [group], annotations: [] })),
      },
    );
  });
  const { lists } = selectionOf(...endpoints);
  const shown = async (alertExternalLabels: boolean): Promise<readonly string[]> => {
    const { items } = await lists.rules(scopeOf(), { ...ALL_RULES, alertExternalLabels });
    const rules = items.flatMap((group) => group.rules);
    return rules.flatMap((rule) =>
      rule.kind === 'alerting' ? rule.alerts.map(({ labels }) => labels.join(' ')) : [],
    );
  };
  const bare = ['job x', 'job y shard own'];
  assert.deepEqual(await shown(false), [...bare, ...bare]);
  assert.deepEqual(await shown(true), [
    'job x shard 0',
    'job y shard own',
    'job x shard 1',
    'job y shard own',
  ]);
});
