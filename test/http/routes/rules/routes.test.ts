import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RulesQuery } from '../../../../src/gateway/rules.ts';
import { alertingOf, alertOf, groupOf } from '../../../select/lists/rules-support.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { listsOf, serverOver, serverWith } from '../../support.ts';
import { remark } from '../../../../src/model/annotations.ts';
import type { GatewayLists } from '../../../../src/gateway/lists.ts';
import type { ReadWishes } from '../../../../src/gateway/request-scope.ts';
import { opening } from '../../../support/open-requests.ts';

test('parameters of rules reach the gateway', async () => {
  let seen: RulesQuery | undefined;
  const wishes: ReadWishes[] = [];
  const rules: GatewayLists['rules'] = async (_, query) => {
    seen = query;
    return { groups: [], nextToken: 'abc', annotations: [] };
  };
  const body = (
    await serverOver({ open: opening(wishes), lists: listsOf({ rules }) }).inject(
      '/api/v1/rules?type=ALERT&rule_name[]=r&rule_group[]=g&file[]=f&match[]=up&exclude_alerts=T&group_limit=2&group_next_token=t&dedup=0',
    )
  ).body;
  assert.equal(body, '{"status":"success","data":{"groups":[],"groupNextToken":"abc"}}');
  const { type, ruleNames, groupNames, files, selectors, excludeAlerts } = seen!;
  assert.deepEqual([wishes[0]?.dedup, type, excludeAlerts, seen!.groupLimit], [false, 'alerting', true, 2]);
  assert.deepEqual([ruleNames, groupNames, files, selectors], [['r'], ['g'], ['f'], ['up']]);
});

test('mistakes in parameters of rules are told in the words of Prometheus', async () => {
  const problems = await Promise.all(
    [
      'type=foo',
      'exclude_alerts=maybe',
      'group_next_token=t',
      'group_limit=0',
      'group_limit=x',
      'group_limit=4294967296',
    ].map(async (query) => {
      const response = await serverWith({}).inject(`/api/v1/rules?${query}`);
      assert.equal(response.statusCode, 400);
      return response.json<{ readonly error: string }>().error;
    }),
  );
  assert.deepEqual(problems, [
    'invalid parameter "type": not supported value "foo"',
    'invalid parameter "exclude_alerts": error converting exclude_alerts: strconv.ParseBool: parsing "maybe": invalid syntax',
    'invalid parameter "group_next_token": group_limit needs to be present in order to paginate over the groups',
    'invalid parameter "group_limit": group_limit needs to be greater than 0',
    'invalid parameter "group_limit": group_limit needs to be a valid number: strconv.ParseInt: parsing "x": invalid syntax',
    'invalid parameter "group_limit": group_limit needs to be a valid number: strconv.ParseInt: parsing "4294967296": value out of range',
  ]);
});

test('without alerts their list is null', async () => {
  const group = groupOf('g', 0n, alertingOf('r', 0n, {}, 'firing'));
  const rules = async () => ({ groups: [group], nextToken: '', annotations: [] });
  assert.match(
    (await serverWith({ rules }).inject('/api/v1/rules?exclude_alerts=true')).body,
    /"alerts":null/,
  );
  assert.match((await serverWith({ rules }).inject('/api/v1/rules')).body, /"alerts":\[\]/);
});

test('remarks come with alerts', async () => {
  const alerts = async () => ({
    items: [{ ...alertOf({ job: '<x>' }, 'firing', 0n), keepFiringSince: 1_500_000_000n }],
    annotations: [remark('warning', 'w')],
  });
  assert.equal(
    (await serverWith({ alerts }).inject('/api/v1/alerts')).body,
    '{"status":"success","data":{"alerts":[{"labels":{"job":"<x>"},"annotations":{},"state":"firing","activeAt":"1970-01-01T00:00:00Z","keepFiringSince":"1970-01-01T00:00:01.5Z","value":"1e+00"}]},"warnings":["w"]}',
  );
});

test('who asks for it is told what each replica says of a rule and of an alert', async () => {
  const name = { endpoint: 'a:1', labels: labelsFromRecord({ replica: 'a' }) };
  const alert = { ...alertOf({}, 'firing', 0n), replicas: [{ ...name, state: 'inactive' as const }] };
  const rule = {
    ...alertingOf('r', 0n, {}, 'firing', alert),
    replicas: [{ ...name, health: 'err', lastError: 'why', state: 'inactive' as const, activeAlerts: 0 }],
  };
  const asked: unknown[] = [];
  const server = serverWith({
    rules: async (_scope, { showReplicas }) => {
      asked.push(showReplicas);
      return { groups: [groupOf('g', 0n, rule)], nextToken: '', annotations: [] };
    },
    alerts: async (_scope, query) => {
      asked.push(query?.showReplicas);
      return { items: [alert], annotations: [] };
    },
  });
  const ofAlert = '"replicas":[{"endpoint":"a:1","labels":{"replica":"a"},"state":"inactive"}]';
  const ofRule = (more: string): string =>
    `"replicas":[{"endpoint":"a:1","labels":{"replica":"a"},"health":"err","lastError":"why","state":"inactive"${more}}]`;
  for (const [path, ...parts] of [
    ['rules?show_replicas=1', ofAlert, ofRule(',"activeAlerts":0')],
    ['rules?show_replicas=true&exclude_alerts=true', ofRule('')],
    ['alerts?show_replicas=true', ofAlert],
  ] as const) {
    const { body } = await server.inject(`/api/v1/${path}`);
    for (const part of parts) assert.ok(body.includes(part), body);
  }
  await server.inject('/api/v1/alerts');
  assert.deepEqual(asked, [true, true, true, undefined]);
});
