import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayOperations } from '../../src/gateway/operations.ts';
import type { RulesQuery } from '../../src/gateway/rules.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { alertingOf, alertOf, groupOf } from '../select/lists/rules-support.ts';
import { operationsOf, serverOver } from './support.ts';

const serving = (given: Partial<GatewayOperations>) => serverOver({ operations: operationsOf(given) });

async function get(given: Partial<GatewayOperations>, url: string): Promise<string> {
  return (await serving(given).inject(url)).body;
}

test('parameters of rules reach the gateway', async () => {
  let seen: RulesQuery | undefined;
  const rules = async (query: RulesQuery) => {
    seen = query;
    return { groups: [], nextToken: 'abc', annotations: [] };
  };
  const body = await get(
    { rules },
    '/api/v1/rules?type=ALERT&rule_name[]=r&rule_group[]=g&file[]=f&match[]=up&exclude_alerts=T&group_limit=2&group_next_token=t&dedup=0',
  );
  assert.equal(body, '{"status":"success","data":{"groups":[],"groupNextToken":"abc"}}');
  const { dedup, type, ruleNames, groupNames, files, selectors, excludeAlerts } = seen!;
  assert.deepEqual([dedup, type, excludeAlerts, seen!.groupLimit], [false, 'alerting', true, 2]);
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
      const response = await serving({}).inject(`/api/v1/rules?${query}`);
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
  assert.match(await get({ rules }, '/api/v1/rules?exclude_alerts=true'), /"alerts":null/);
  assert.match(await get({ rules }, '/api/v1/rules'), /"alerts":\[\]/);
});

test('remarks come with alerts', async () => {
  const alerts = async () => ({
    items: [{ ...alertOf({ job: '<x>' }, 'firing', 0n), keepFiringSince: 1_500_000_000n }],
    annotations: [{ severity: 'warning', message: 'w' } as const],
  });
  assert.equal(
    await get({ alerts }, '/api/v1/alerts'),
    '{"status":"success","data":{"alerts":[{"labels":{"job":"<x>"},"annotations":{},"state":"firing","activeAt":"1970-01-01T00:00:00Z","keepFiringSince":"1970-01-01T00:00:01.5Z","value":"1e+00"}]},"warnings":["w"]}',
  );
});

test('a state of targets that does not exist has none', async () => {
  assert.equal(
    await get({}, '/api/v1/targets?state=foo'),
    '{"status":"success","data":{"activeTargets":[],"droppedTargets":[],"droppedTargetCounts":null}}',
  );
});

test('limits that are no numbers are refused', async () => {
  for (const [path, problem] of [
    ['metadata?limit=x', 'limit must be a number'],
    ['metadata?limit=9223372036854775808', 'limit must be a number'],
    ['metadata?limit_per_metric=1.5', 'limit_per_metric must be a number'],
    ['targets/metadata?limit=x', 'limit must be a number'],
  ] as const) {
    const response = await serving({}).inject(`/api/v1/${path}`);
    assert.equal(response.body, `{"status":"error","errorType":"bad_data","error":"${problem}"}`);
  }
});

test('negative limits of metadata mean none', async () => {
  let seen: unknown;
  const metadata: GatewayOperations['metadata'] = async ({ limit, limitPerMetric }) => {
    seen = [limit, limitPerMetric];
    return { metrics: new Map(), annotations: [] };
  };
  await get({ metadata }, '/api/v1/metadata?limit=-1&limit_per_metric=0');
  assert.deepEqual(seen, [undefined, undefined]);
  await get({ metadata }, '/api/v1/metadata?limit=0&limit_per_metric=2');
  assert.deepEqual(seen, [0, 2]);
});

test('exemplars are shown as Prometheus does', async () => {
  const exemplars: GatewayOperations['exemplars'] = async () => ({
    items: [
      {
        labels: labelsFromRecord({ __name__: 'h' }),
        exemplars: [{ labels: labelsFromRecord({ trace_id: 'q' }), value: 6, t: 1_600_096_945_479 }],
      },
    ],
    annotations: [],
    hasSelectors: true,
  });
  assert.equal(
    await get({ exemplars }, '/api/v1/query_exemplars?query=h'),
    '{"status":"success","data":[{"seriesLabels":{"__name__":"h"},"exemplars":[{"labels":{"trace_id":"q"},"value":"6","timestamp":1600096945.479}]}]}',
  );
});

test('exemplars of a query that selects nothing are no content', async () => {
  const response = await serving({
    exemplars: async () => ({ items: [], annotations: [], hasSelectors: false }),
  }).inject('/api/v1/query_exemplars?query=1');
  assert.deepEqual([response.statusCode, response.body], [204, '']);
});

test('endpoints are shown as Thanos does, with health and protocol', async () => {
  const store = { minTime: -Infinity, maxTime: Infinity, version: '3.14.0', protocol: 'remote-read-chunks' };
  const stores: GatewayOperations['stores'] = () =>
    new Map([
      [
        'prometheus',
        [
          {
            ...store,
            name: 'a:1',
            lastCheck: 1500,
            lastError: undefined,
            labelSets: [labelsFromRecord({ shard: '0' })],
            health: 'up',
          },
          {
            ...store,
            name: 'b:1',
            lastCheck: undefined,
            lastError: 'refused',
            labelSets: [],
            health: 'down',
          },
        ],
      ],
    ]);
  assert.equal(
    await get({ stores }, '/api/v1/stores'),
    '{"status":"success","data":{"prometheus":[' +
      '{"name":"a:1","lastCheck":"1970-01-01T00:00:01.5Z","lastError":null,"labelSets":[{"shard":"0"}],' +
      '"minTime":-9223372036854775808,"maxTime":9223372036854775807,' +
      '"health":"up","protocol":"remote-read-chunks","version":"3.14.0"},' +
      '{"name":"b:1","lastCheck":"0001-01-01T00:00:00Z","lastError":"refused","labelSets":[],' +
      '"minTime":-9223372036854775808,"maxTime":9223372036854775807,' +
      '"health":"down","protocol":"remote-read-chunks","version":"3.14.0"}]}}',
  );
});

test('places where endpoints are looked for follow the endpoints', async () => {
  const sources = () => [{ name: 'dns+http://h:1', problem: 'no such name', checkedAt: 0, found: 0 }];
  assert.equal(
    await get({ stores: () => new Map(), sources }, '/api/v1/stores'),
    '{"status":"success","data":{"discovery":[{"name":"dns+http://h:1","lastCheck":"1970-01-01T00:00:00Z",' +
      '"lastError":"no such name","labelSets":[],"minTime":-9223372036854775808,"maxTime":9223372036854775807,' +
      '"health":"down","protocol":"","version":""}]}}',
  );
});
