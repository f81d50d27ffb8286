import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayLists } from '../../../src/gateway/lists.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { serverWith } from '../support.ts';

test('endpoints are shown as Thanos does, with health and protocol', async () => {
  const breaker = { state: 'closed', since: undefined, reason: undefined, usualMs: undefined } as const;
  const store = { minTime: -Infinity, maxTime: Infinity, version: '3.14.0', protocol: 'remote-read-chunks' };
  const stores: GatewayLists['stores'] = () =>
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
            breaker: { ...breaker, usualMs: 42 },
          },
          {
            ...store,
            name: 'b:1',
            lastCheck: undefined,
            lastError: 'refused',
            labelSets: [],
            health: 'down',
            breaker: { ...breaker, state: 'open', since: 1500, reason: 'it hangs' },
            changes: [
              { health: 'up', since: 500 },
              { health: 'down', since: 1500 },
            ],
          },
        ],
      ],
    ]);
  assert.equal(
    (await serverWith({ stores }).inject('/api/v1/stores')).body,
    '{"status":"success","data":{"prometheus":[' +
      '{"name":"a:1","lastCheck":"1970-01-01T00:00:01.5Z","lastError":null,"labelSets":[{"shard":"0"}],' +
      '"minTime":-9223372036854775808,"maxTime":9223372036854775807,' +
      '"health":"up","protocol":"remote-read-chunks","version":"3.14.0",' +
      '"breaker":{"state":"closed","since":null,"reason":null,"usualSeconds":0.042}},' +
      '{"name":"b:1","lastCheck":"0001-01-01T00:00:00Z","lastError":"refused","labelSets":[],' +
      '"minTime":-9223372036854775808,"maxTime":9223372036854775807,' +
      '"health":"down","protocol":"remote-read-chunks","version":"3.14.0",' +
      '"breaker":{"state":"open","since":"1970-01-01T00:00:01.5Z","reason":"it hangs","usualSeconds":null},' +
      '"changes":[{"health":"up","since":"1970-01-01T00:00:00.5Z"},{"health":"down","since":"1970-01-01T00:00:01.5Z"}]}]}}',
  );
});

test('places where endpoints are looked for follow the endpoints', async () => {
  const sources = () => [{ name: 'dns+http://h:1', problem: 'no such name', checkedAt: 0, found: 0 }];
  assert.equal(
    (await serverWith({ stores: () => new Map(), sources }).inject('/api/v1/stores')).body,
    '{"status":"success","data":{"discovery":[{"name":"dns+http://h:1","lastCheck":"1970-01-01T00:00:00Z",' +
      '"lastError":"no such name","labelSets":[],"minTime":-9223372036854775808,"maxTime":9223372036854775807,' +
      '"health":"down","protocol":"","version":""}]}}',
  );
});
