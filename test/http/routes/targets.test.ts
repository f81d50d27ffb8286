import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayLists } from '../../../src/gateway/lists.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../src/model/labels.ts';
import type { ActiveTarget } from '../../../src/model/targets.ts';
import { serverWith } from '../support.ts';

test('a state of targets that does not exist has none', async () => {
  assert.equal(
    (await serverWith({}).inject('/api/v1/targets?state=foo')).body,
    '{"status":"success","data":{"activeTargets":[],"droppedTargets":[],"droppedTargetCounts":null}}',
  );
});

test('who asks for it is told what each replica says of a target', async () => {
  const name = { endpoint: 'a:1', labels: labelsFromRecord({ replica: 'a' }) };
  const target: ActiveTarget = {
    discoveredLabels: EMPTY_LABELS,
    labels: EMPTY_LABELS,
    scrapePool: 'p',
    scrapeUrl: 'u',
    globalUrl: 'u',
    lastError: '',
    lastScrape: 0n,
    lastScrapeDuration: 0,
    health: 'up',
    scrapeInterval: '',
    scrapeTimeout: '',
    replicas: [{ ...name, health: 'down', lastError: 'refused', lastScrape: 0n }],
  };
  const asked: unknown[] = [];
  const targets: GatewayLists['targets'] = async (_scope, query) => {
    asked.push(query.showReplicas);
    return { active: [target], dropped: [], droppedCounts: undefined, annotations: [] };
  };
  const server = serverWith({ targets });
  const { body } = await server.inject('/api/v1/targets?show_replicas=true');
  await server.inject('/api/v1/targets');
  assert.deepEqual(asked, [true, undefined]);
  assert.ok(
    body.includes(
      '"replicas":[{"endpoint":"a:1","labels":{"replica":"a"},"health":"down","lastError":"refused","lastScrape":"1970-01-01T00:00:00Z"}]',
    ),
    body,
  );
});
