import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import type { BackendFailure } from '../../../src/model/loss.ts';
import type { ListCalls, RulesRequest } from '../../../src/backend/list-calls.ts';
import { parseInstant, ZERO_INSTANT } from '../../../src/model/instant.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Result } from '../../../src/model/result.ts';
import { startFakePrometheus, streamed } from '../../support/fake-prometheus.ts';
import type { FakePaths } from '../../support/fake-prometheus.ts';
import { sendJson, sendText, startFakeServer } from '../../support/fake-server.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import { NEVER, backendAt, failureOf, valueOf } from './support.ts';
import { scopeWith, told } from '../../support/scopes.ts';

const ALL_RULES: RulesRequest = {
  type: 'all',
  ruleNames: [],
  groupNames: [],
  files: [],
  excludeAlerts: false,
};

async function start(t: TestContext, paths: FakePaths) {
  const server = await startFakePrometheus({ '/api/v1/read': streamed(), ...paths }, '    cluster: eu');
  t.after(() => server.close());
  const backend = backendAt(t, server.url);
  valueOf(await backend.describe(NEVER));
  return { server, lists: backend.lists };
}

function data(value: unknown): FakePaths[string] {
  return (_, response) => sendJson(response, { status: 'success', data: value, warnings: ['w'] });
}

const RULES = {
  groups: [
    {
      name: 'g',
      file: 'f.yml',
      interval: 5,
      limit: 0,
      evaluationTime: 0.25,
      lastEvaluation: '2026-11-23T00:09:19.409477305Z',
      rules: [
        { type: 'recording', name: 'a:b', query: 'up', labels: { cluster: 'own', job: 'x' }, health: 'ok' },
        {
          type: 'alerting',
          name: 'Down',
          query: 'up == 0',
          state: 'firing',
          duration: 60,
          annotations: { summary: 's', empty: '' },
          alerts: [
            { labels: { job: 'x' }, state: 'firing', activeAt: '2026-11-23T00:09:09Z', value: '1e+00' },
          ],
          health: 'err',
          lastError: 'no',
        },
      ],
    },
  ],
};

test('rules come with the external labels beside their own, which win, alerts as they are', async (t) => {
  const { lists } = await start(t, { '/api/v1/rules': data(RULES) });
  const { items, annotations } = valueOf(await lists.rules(scopeWith(), ALL_RULES));
  assert.deepEqual(told(annotations), [{ severity: 'warning', message: 'w' }]);
  const [group] = items;
  assert.equal(group!.lastEvaluation, parseInstant('2026-11-23T00:09:19.409477305Z'));
  const [recording, alerting] = group!.rules;
  assert.deepEqual(recording!.labels, labelsFromRecord({ cluster: 'own', job: 'x' }));
  assert.equal(recording!.lastEvaluation, ZERO_INSTANT);
  assert.ok(alerting?.kind === 'alerting');
  assert.deepEqual(alerting.labels, labelsFromRecord({ cluster: 'eu' }));
  assert.equal(alerting.lastError, 'no');
  assert.deepEqual(alerting.annotations, ['empty', '', 'summary', 's']);
  assert.deepEqual(alerting.alerts[0], {
    labels: labelsFromRecord({ job: 'x' }),
    annotations: [],
    state: 'firing',
    activeAt: parseInstant('2026-11-23T00:09:09Z'),
    keepFiringSince: undefined,
    value: '1e+00',
  });
});

test('what a request for rules narrows down is sent', async (t) => {
  const { server, lists } = await start(t, { '/api/v1/rules': data({ groups: [] }) });
  await lists.rules(scopeWith(), {
    type: 'recording',
    ruleNames: ['a', 'b'],
    groupNames: ['g'],
    files: ['f'],
    excludeAlerts: true,
  });
  assert.equal(
    server.requests.at(-1)!.parameters.toString(),
    'type=record&rule_name%5B%5D=a&rule_name%5B%5D=b&rule_group%5B%5D=g&file%5B%5D=f&exclude_alerts=true',
  );
});

test('targets come with the external labels, also among the discovered ones', async (t) => {
  const { server, lists } = await start(t, {
    '/api/v1/targets': data({
      activeTargets: [
        {
          discoveredLabels: { __address__: 'x:1' },
          labels: { job: 'x' },
          scrapePool: 'x',
          scrapeUrl: 'http://x:1/metrics',
          health: 'up',
          lastScrape: '0001-01-01T00:00:00Z',
        },
      ],
      droppedTargets: [{ discoveredLabels: { __address__: 'y:1' }, scrapePool: 'y' }],
      droppedTargetCounts: { x: 0, y: 7 },
    }),
  });
  const targets = valueOf(await lists.targets(scopeWith(), { state: 'active', scrapePool: 'x' }));
  assert.deepEqual(targets.active[0]!.labels, labelsFromRecord({ cluster: 'eu', job: 'x' }));
  assert.deepEqual(
    targets.dropped[0]!.discoveredLabels,
    labelsFromRecord({ __address__: 'y:1', cluster: 'eu' }),
  );
  assert.deepEqual([...targets.droppedCounts!], Object.entries({ x: 0, y: 7 }));
  assert.equal(server.requests.at(-1)!.parameters.toString(), 'state=active&scrapePool=x');
});

test('Alertmanagers are told apart by whether alerts are sent to them', async (t) => {
  const { lists } = await start(t, {
    '/api/v1/alertmanagers': data({
      activeAlertmanagers: [{ url: 'http://a:9093/api/v2/alerts' }],
      droppedAlertmanagers: [{ url: 'http://b:9093/api/v2/alerts' }],
    }),
  });
  const { active, dropped, annotations } = valueOf(await lists.alertmanagers(scopeWith()));
  assert.deepEqual(active, ['http://a:9093/api/v2/alerts']);
  assert.deepEqual(dropped, ['http://b:9093/api/v2/alerts']);
  assert.deepEqual(told(annotations), [{ severity: 'warning', message: 'w' }]);
});

test('metadata is a list of its metrics', async (t) => {
  const about = { type: 'gauge', unit: '', help: 'h' };
  const { lists } = await start(t, { '/api/v1/metadata': data({ up: [about], down: [about, about] }) });
  const { items } = valueOf(await lists.metadata(scopeWith(), { metric: '' }));
  assert.deepEqual(
    items.map(({ metric }) => metric),
    ['up', 'down', 'down'],
  );
});

test('metadata of targets: the asked metric is put back, matchers are sent where they make a selector', async (t) => {
  const { server, lists } = await start(t, {
    '/api/v1/targets/metadata': data([{ target: { job: 'x' }, type: 'gauge', help: 'h', unit: '' }]),
  });
  const matchers = [{ kind: '=', name: 'job', value: 'x' }] as const;
  const { items } = valueOf(await lists.targetMetadata(scopeWith(), { metric: 'up', matchers }));
  assert.deepEqual(items, [
    {
      target: labelsFromRecord({ cluster: 'eu', job: 'x' }),
      metric: 'up',
      type: 'gauge',
      unit: '',
      help: 'h',
    },
  ]);
  assert.equal(server.requests.at(-1)!.parameters.get('match_target'), '{job="x"}');
  await lists.targetMetadata(scopeWith(), {
    metric: '',
    matchers: [{ kind: '!=', name: 'job', value: 'x' }],
  });
  assert.equal(server.requests.at(-1)!.parameters.toString(), '');
});

test('exemplars of several selectors are asked for with one query', async (t) => {
  const { server, lists } = await start(t, {
    '/api/v1/query_exemplars': data([
      {
        seriesLabels: { __name__: 'h' },
        exemplars: [{ labels: { trace_id: 'q' }, value: '+Inf', timestamp: 1600096945.479 }],
      },
    ]),
  });
  const matcherSets = [
    [{ kind: '=', name: '__name__', value: 'h' }],
    [{ kind: '=', name: 'job', value: 'x' }],
  ] as const;
  const { items } = valueOf(
    await lists.exemplars(scopeWith(), { matcherSets, minTime: 0, maxTime: Infinity }),
  );
  assert.deepEqual(items, [
    {
      labels: labelsFromRecord({ __name__: 'h', cluster: 'eu' }),
      exemplars: [{ labels: labelsFromRecord({ trace_id: 'q' }), value: Infinity, t: 1_600_096_945_479 }],
    },
  ]);
  const { parameters } = server.requests.at(-1)!;
  assert.equal(parameters.get('query'), '{__name__="h"} + {job="x"}');
  assert.equal(parameters.get('start'), '0.000');
  assert.equal(parameters.get('end'), null);
});

const calls = (lists: ListCalls): readonly (() => Promise<Result<unknown, BackendFailure>>)[] => [
  () => lists.rules(scopeWith(), ALL_RULES),
  () => lists.targets(scopeWith(), { state: 'any', scrapePool: '' }),
  () => lists.metadata(scopeWith(), { metric: '' }),
  () => lists.targetMetadata(scopeWith(), { metric: '', matchers: [] }),
  () => lists.exemplars(scopeWith(), { matcherSets: [[]], minTime: 0, maxTime: 1 }),
  () => lists.tsdbStatistics(scopeWith(), { limit: undefined, matchers: [] }),
  () => lists.alertmanagers(scopeWith()),
];
const EMPTY = { items: [], annotations: [] };
const NO_TARGETS = { active: [], dropped: [], droppedCounts: undefined, annotations: [] };
const NOTHING = [EMPTY, NO_TARGETS, EMPTY, EMPTY, EMPTY, EMPTY, { active: [], dropped: [], annotations: [] }];

/** A server that has nothing but what a backend is described by, and queries where they are given. */
async function startBare(t: TestContext, queries: FakeHandler | undefined, other: FakeHandler) {
  const server = await startFakeServer((request, response) => {
    if (request.path.endsWith('/config')) return data({ yaml: '' })(request, response);
    if (request.path.endsWith('/query') && queries !== undefined) return queries(request, response);
    return request.path.endsWith('/read') ? streamed()(request, response) : other(request, response);
  });
  t.after(() => server.close());
  const backend = backendAt(t, server.url);
  valueOf(await backend.describe(NEVER));
  return backend.lists;
}

const UNKNOWN_CALLS: Readonly<Record<string, FakeHandler>> = {
  ...Object.fromEntries(
    [400, 404, 405, 410, 415, 422, 501].map((status): [string, FakeHandler] => [
      `HTTP ${status}`,
      (_, response) => sendText(response, status, 'text/plain', 'unsupported path requested'),
    ]),
  ),
  'HTTP 404 in HTML': (_, response) => sendText(response, 404, 'text/html', '<h1>Not Found</h1>'),
  'a page with HTTP 200': (_, response) => sendText(response, 200, 'text/html', '<html>Welcome</html>'),
  'a redirect': (_, response) => void response.writeHead(302, { location: '/graph' }).end(),
};

for (const [answer, handler] of Object.entries(UNKNOWN_CALLS))
  test(`a server that answers ${answer} to these calls, but answers queries, does not have them`, async (t) => {
    const lists = await startBare(t, data({ resultType: 'scalar', result: [0, '1'] }), handler);
    for (const [i, call] of calls(lists).entries()) assert.deepEqual(valueOf(await call()), NOTHING[i]);
  });

const REFUSED_CALLS: Readonly<Record<string, FakeHandler>> = {
  ...Object.fromEntries(
    [401, 403, 429, 500, 503].map((status): [string, FakeHandler] => [
      `HTTP ${status}`,
      (_, response) => sendText(response, status, 'text/plain', 'no'),
    ]),
  ),
  'an error of its API': (_, response) => sendJson(response, { status: 'error', error: 'too old' }, 400),
};

for (const [answer, handler] of Object.entries(REFUSED_CALLS))
  test(`${answer} to these calls is a failure`, async (t) => {
    const lists = await startBare(t, data({ resultType: 'scalar', result: [0, '1'] }), handler);
    for (const call of calls(lists)) assert.match(failureOf(await call()).reason, /^HTTP \d+ for /);
  });

test('a page instead of an answer is a failure where queries get one as well', async (t) => {
  const lists = await startBare(t, undefined, (_, response) =>
    sendText(response, 200, 'text/html', '<html>log in</html>'),
  );
  for (const call of calls(lists))
    assert.match(failureOf(await call()).reason, /HTTP 200 with text\/html .*instead of an API answer/);
});

test('an answer of another shape is a failure, which tells the log what came', async (t) => {
  const { lists } = await start(t, {
    '/api/v1/targets': data({ activeTargets: [{ labels: 'none' }], droppedTargets: [] }),
    '/api/v1/metadata': data({ up: [{ type: 3 }] }),
  });
  const targets = failureOf(await lists.targets(scopeWith(), { state: 'any', scrapePool: '' }));
  assert.match(targets.reason, /holds something else as "labels" where a label set belongs/);
  assert.equal(targets.detail, 'labels: "none"');
  assert.match(failureOf(await lists.metadata(scopeWith(), { metric: '' })).reason, /as "type" where a text/);
});

test('rules and targets without their lists are a failure, and lists that are null are empty', async (t) => {
  const ask = async (rules: unknown, targets: unknown) => {
    const { lists } = await start(t, { '/api/v1/rules': data(rules), '/api/v1/targets': data(targets) });
    const any = { state: 'any', scrapePool: '' } as const;
    return [await lists.rules(scopeWith(), ALL_RULES), await lists.targets(scopeWith(), any)] as const;
  };
  const [rules, targets] = await ask({}, { droppedTargets: [] });
  assert.match(failureOf(rules).reason, /holds no list of rule groups/);
  assert.match(failureOf(targets).reason, /holds no list of targets/);
  const [group, active] = await ask({ groups: [{ name: 'g' }] }, { activeTargets: [] });
  assert.match(failureOf(group).reason, /holds no list of rules/);
  assert.match(failureOf(active).reason, /holds no list of dropped targets/);
  const [none, noTargets] = await ask({ groups: null }, { activeTargets: null, droppedTargets: null });
  assert.deepEqual([valueOf(none).items, valueOf(noTargets).active], [[], []]);
});
