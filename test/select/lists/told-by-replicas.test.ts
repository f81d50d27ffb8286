import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_LISTS } from '../../../src/backend/list-calls.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { seesOnly } from '../../../src/model/enforced-matchers.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../src/model/labels.ts';
import type { ReplicaName } from '../../../src/model/replica-name.ts';
import { success } from '../../../src/model/result.ts';
import { ANYBODY } from '../../../src/model/request-scope.ts';
import type { Rule } from '../../../src/model/rules.ts';
import type { ActiveTarget } from '../../../src/model/targets.ts';
import { differing } from '../../../src/select/lists/told-by-replicas.ts';
import { memoryEndpoint, scopeOf, selectionOf } from '../support.ts';
import { ALL_RULES, alertingOf, alertOf, groupOf, recordingOf } from './rules-support.ts';

const SHOWN = { ...ALL_RULES, showReplicas: true };
const UP_TARGET: ActiveTarget = {
  discoveredLabels: EMPTY_LABELS,
  labels: labelsFromRecord({ instance: 'x' }),
  scrapePool: 'p',
  scrapeUrl: 'http://x',
  globalUrl: '',
  lastError: '',
  lastScrape: 5n,
  lastScrapeDuration: 0,
  health: 'up',
  scrapeInterval: '',
  scrapeTimeout: '',
};
const DOWN_TARGET: ActiveTarget = { ...UP_TARGET, health: 'down', lastError: 'refused' };

/** A replica that says this. */
function replica(name: string, rules: readonly Rule[], active: readonly ActiveTarget[] = []): Endpoint {
  const labels = { __replica__: name };
  return memoryEndpoint(
    `${name}:1`,
    labels,
    [],
    {},
    {
      ...NO_LISTS,
      rules: async () => success({ items: [groupOf('g', 7n, ...rules)], annotations: [] }),
      targets: async () => success({ active, dropped: [], droppedCounts: undefined, annotations: [] }),
    },
  );
}

function named(replicas: readonly ReplicaName[] | undefined): readonly string[] | undefined {
  return replicas?.map(({ endpoint, labels, ...words }) =>
    [endpoint, labels.join('='), ...Object.values(words)].join(' '),
  );
}

const FIRING = alertingOf('r', 7n, {}, 'firing', alertOf({ job: 'x' }, 'firing', 1n));
const INACTIVE = alertingOf('r', 7n, {}, 'inactive');

test('where replicas differ about a rule, each says its state, health, error and how many alerts are active', async () => {
  const failing = { ...INACTIVE, health: 'err', lastError: 'no such function' };
  const { lists } = selectionOf(replica('b', [failing]), replica('a', [FIRING]));
  const { items } = await lists.rules(scopeOf(), SHOWN);
  assert.deepEqual(named(items[0]!.rules[0]!.replicas), [
    'a:1 __replica__=a ok  firing 1',
    'b:1 __replica__=b err no such function inactive 0',
  ]);
});

test('where replicas differ about an alert, the one that has none says so', async () => {
  const { lists } = selectionOf(replica('b', [INACTIVE]), replica('a', [FIRING]));
  const { items } = await lists.rules(scopeOf(), SHOWN);
  const [rule] = items[0]!.rules;
  assert.ok(rule?.kind === 'alerting');
  assert.deepEqual(named(rule.alerts[0]!.replicas), [
    'a:1 __replica__=a firing',
    'b:1 __replica__=b inactive',
  ]);
});

test('where replicas differ about a target, each says its health, error and last scrape', async () => {
  const { lists } = selectionOf(replica('a', [], [DOWN_TARGET]), replica('b', [], [UP_TARGET]));
  const { active } = await lists.targets(scopeOf(), { state: 'any', scrapePool: '', showReplicas: true });
  assert.deepEqual(named(active[0]!.replicas), [
    'a:1 __replica__=a down refused 5',
    'b:1 __replica__=b up  5',
  ]);
  assert.equal(active[0]!.health, 'up');
});

test('replicas that agree are not told', async () => {
  const ones = ['a', 'b'].map((name) => replica(name, [FIRING, recordingOf('s', 7n, {})], [UP_TARGET]));
  const { lists } = selectionOf(...ones);
  const { items } = await lists.rules(scopeOf(), SHOWN);
  const { active } = await lists.targets(scopeOf(), { state: 'any', scrapePool: '', showReplicas: true });
  for (const each of [...items[0]!.rules, ...active]) assert.ok(!Object.hasOwn(each, 'replicas'));
});

test('nobody is told what nobody asked for', async () => {
  const { lists } = selectionOf(replica('a', [FIRING], [UP_TARGET]), replica('b', [INACTIVE], [DOWN_TARGET]));
  const { items } = await lists.rules(scopeOf(), ALL_RULES);
  const { active } = await lists.targets(scopeOf(), { state: 'any', scrapePool: '' });
  for (const each of [...items[0]!.rules, ...active]) assert.ok(!Object.hasOwn(each, 'replicas'));
});

test('a tenant is not told who the servers are', async () => {
  const own = { t: 'a' };
  const [firing, inactive] = [FIRING, INACTIVE].map((rule) => ({ ...rule, labels: labelsFromRecord(own) }));
  const targets = [UP_TARGET, DOWN_TARGET].map((target) => ({ ...target, labels: labelsFromRecord(own) }));
  const { lists } = selectionOf(
    replica('a', [firing!], [targets[0]!]),
    replica('b', [inactive!], [targets[1]!]),
  );
  const enforced = seesOnly([{ kind: '=', name: 't', value: 'a' }]);
  const scope = { ...scopeOf(), caller: { ...ANYBODY, tenant: 'a', enforced } };
  const { items } = await lists.rules(scope, SHOWN);
  const { active } = await lists.targets(scope, { state: 'any', scrapePool: '', showReplicas: true });
  assert.deepEqual([items[0]!.rules.length, active.length], [1, 1]);
  for (const each of [...items[0]!.rules, ...active]) assert.ok(!Object.hasOwn(each, 'replicas'));
});

test('of very many replicas some are told, among them one for each thing that is said', () => {
  const told = Array.from({ length: 50 }, (_, i) => ({
    endpoint: String(i + 10),
    labels: EMPTY_LABELS,
    state: i === 44 ? 'down' : 'up',
  }));
  const shown = differing(told, ({ state }) => state)!;
  assert.equal(shown.length, 20);
  assert.deepEqual(
    shown.filter(({ state }) => state === 'down').map(({ endpoint }) => endpoint),
    ['54'],
  );
});

test('a very long error is cut', async () => {
  const long = { ...DOWN_TARGET, lastError: 'x'.repeat(100_000) };
  const { lists } = selectionOf(replica('a', [], [long]), replica('b', [], [UP_TARGET]));
  const { active } = await lists.targets(scopeOf(), { state: 'any', scrapePool: '', showReplicas: true });
  assert.equal(active[0]!.replicas![0]!.lastError.length, 1001);
});
