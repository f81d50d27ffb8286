import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { ExemplarsQuery } from '../../src/gateway/exemplars.ts';
import type { MetricMetadataQuery } from '../../src/gateway/metric-metadata.ts';
import type { GatewayLists } from '../../src/gateway/lists.ts';
import type { RulesQuery } from '../../src/gateway/rules.ts';
import type { TargetsRequest } from '../../src/backend/list-calls.ts';
import { remark, type Annotation } from '../../src/model/annotations.ts';
import { ZERO_INSTANT } from '../../src/model/instant.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { RuleGroup } from '../../src/model/rules.ts';
import type { ActiveTarget } from '../../src/model/targets.ts';
import { decodeExemplarsResponse, encodeExemplarsRequest } from '../../src/wire/store-api/exemplars.ts';
import {
  decodeMetricMetadataResponse,
  encodeMetricMetadataRequest,
} from '../../src/wire/store-api/metric-metadata.ts';
import { PartialResponseStrategy } from '../../src/wire/store-api/partial-response.ts';
import {
  AlertState,
  decodeRulesResponse,
  encodeRulesRequest,
  RuleType,
} from '../../src/wire/store-api/rules.ts';
import {
  decodeTargetsResponse,
  encodeTargetsRequest,
  TargetHealth,
  TargetState,
} from '../../src/wire/store-api/targets.ts';
import { callStream, gatewayWith, startGrpc } from './support.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { opening } from '../support/open-requests.ts';

const REMARKS: readonly Annotation[] = [
  remark('warning', 'shard x is missing'),
  remark('info', 'a replica is down'),
];

async function ask(
  t: TestContext,
  lists: Partial<GatewayLists>,
  method: string,
  request: Uint8Array,
  wishes: ReadWishes[] = [],
): Promise<readonly Uint8Array[]> {
  const { client, close } = await startGrpc(gatewayWith({ open: opening(wishes), lists }));
  t.after(close);
  const { messages, code } = await callStream(client, method, request);
  assert.equal(code, status.OK);
  return messages;
}

describe('Rules', () => {
  const COMMON = {
    query: 'up',
    health: 'ok',
    lastError: '',
    evaluationTime: 0.25,
    lastEvaluation: 7_000_000_001n,
  };
  const labels = labelsFromRecord({ severity: 'page' });
  const GROUP: RuleGroup = {
    name: 'g',
    file: 'f.yml',
    interval: 15,
    limit: 3,
    evaluationTime: 0.5,
    lastEvaluation: ZERO_INSTANT,
    rules: [
      { kind: 'recording', name: 'r', labels, ...COMMON },
      {
        kind: 'alerting',
        name: 'a',
        labels,
        ...COMMON,
        state: 'firing',
        duration: 60,
        keepFiringFor: 30,
        annotations: ['empty', '', 'summary', 's'],
        alerts: [
          {
            labels,
            annotations: [],
            state: 'pending',
            activeAt: 5n,
            keepFiringSince: undefined,
            value: '1e+00',
          },
        ],
      },
    ],
  };

  it('streams warnings and groups', async (t) => {
    const rules = async () => ({ groups: [GROUP], nextToken: '', annotations: REMARKS });
    const messages = await ask(t, { rules }, '/thanos.Rules/Rules', new Uint8Array(0));
    const [first, second] = messages.map(decodeRulesResponse);
    assert.equal(messages.length, 2);
    assert.equal(first!.warning, 'shard x is missing');
    const recording = {
      name: 'r',
      query: 'up',
      labels,
      health: 'ok',
      lastError: '',
      evaluationDurationSeconds: 0.25,
      lastEvaluation: 7_000_000_001n,
    };
    const instance = { labels, annotations: [], state: AlertState.pending, activeAt: 5n, value: '1e+00' };
    assert.deepEqual(second!.group, {
      name: 'g',
      file: 'f.yml',
      interval: 15,
      limit: 3,
      evaluationDurationSeconds: 0.5,
      lastEvaluation: ZERO_INSTANT,
      partialResponseStrategy: PartialResponseStrategy.warn,
      rules: [
        { recording, alert: undefined },
        {
          recording: undefined,
          alert: {
            ...recording,
            name: 'a',
            state: AlertState.firing,
            durationSeconds: 60,
            keepFiringForSeconds: 30,
            annotations: ['empty', '', 'summary', 's'],
            alerts: [{ ...instance, partialResponseStrategy: PartialResponseStrategy.warn }],
          },
        },
      ],
    });
  });

  it('asks for what the request says, every replica for itself', async (t) => {
    const seen: RulesQuery[] = [];
    const rules: GatewayLists['rules'] = async (_, query) => {
      seen.push(query);
      return { groups: [], nextToken: '', annotations: [] };
    };
    const request = encodeRulesRequest({
      type: RuleType.alert,
      partialResponseStrategy: PartialResponseStrategy.abort,
      matcherString: ['{a="b"}'],
      ruleName: ['r'],
      ruleGroup: ['g'],
      file: ['f'],
    });
    const wishes: ReadWishes[] = [];
    await ask(t, { rules }, '/thanos.Rules/Rules', request, wishes);
    assert.deepEqual(seen, [
      {
        type: 'alerting',
        ruleNames: ['r'],
        groupNames: ['g'],
        files: ['f'],
        selectors: ['{a="b"}'],
        excludeAlerts: false,
        groupLimit: undefined,
        groupNextToken: '',
      },
    ]);
    assert.deepEqual(wishes, [{ dedup: false, mergesReplicas: true, partialResponse: false }]);
  });
});

describe('Targets', () => {
  it('sends warnings, and active and dropped targets in one message', async (t) => {
    const labels = labelsFromRecord({ job: 'x' });
    const active: ActiveTarget = {
      discoveredLabels: labelsFromRecord({ __address__: 'h:1' }),
      labels,
      scrapePool: 'p',
      scrapeUrl: 'http://h:1/metrics',
      globalUrl: 'http://g:1/metrics',
      lastError: 'refused',
      lastScrape: 9n,
      lastScrapeDuration: 0.5,
      health: 'down',
      scrapeInterval: '15s',
      scrapeTimeout: '10s',
    };
    const dropped = [{ discoveredLabels: labels, scrapePool: 'p' }];
    const seen: TargetsRequest[] = [];
    const targets: GatewayLists['targets'] = async (_, query) => {
      seen.push(query);
      return { active: [active], dropped, droppedCounts: undefined, annotations: REMARKS };
    };
    const request = { state: TargetState.dropped, partialResponseStrategy: PartialResponseStrategy.warn };
    const wishes: ReadWishes[] = [];
    const messages = await ask(
      t,
      { targets },
      '/thanos.Targets/Targets',
      encodeTargetsRequest(request),
      wishes,
    );
    const [first, second] = messages.map(decodeTargetsResponse);
    assert.equal(first!.warning, 'shard x is missing');
    const { scrapeInterval: _interval, scrapeTimeout: _timeout, ...told } = active;
    assert.deepEqual(second!.targets, {
      activeTargets: [{ ...told, health: TargetHealth.down }],
      droppedTargets: [{ discoveredLabels: labels }],
    });
    assert.deepEqual(seen, [{ state: 'dropped', scrapePool: '' }]);
    assert.deepEqual(wishes, [{ dedup: false, mergesReplicas: true, partialResponse: true }]);
  });
});

describe('Metadata', () => {
  it('sends all metrics in one message, and none where 0 were asked for', async (t) => {
    const seen: MetricMetadataQuery[] = [];
    const wishes: ReadWishes[] = [];
    const metadata: GatewayLists['metadata'] = async (_, query) => {
      seen.push(query);
      const items = [{ metric: 'm', type: 'counter', help: 'h', unit: 'u' }];
      return { metrics: new Map([['m', items]]), annotations: REMARKS };
    };
    for (const limit of [-1, 0]) {
      const request = { metric: 'm', limit, partialResponseStrategy: PartialResponseStrategy.abort };
      const method = '/thanos.Metadata/MetricMetadata';
      const messages = await ask(t, { metadata }, method, encodeMetricMetadataRequest(request), wishes);
      const [first, second] = messages.map(decodeMetricMetadataResponse);
      assert.equal(first!.warning, 'shard x is missing');
      const metas = [{ type: 'counter', help: 'h', unit: 'u' }];
      assert.deepEqual(second!.metadata, { metadata: new Map([['m', { metas }]]) });
    }
    assert.deepEqual(
      seen.map(({ limit }, i) => [limit, wishes[i]!.partialResponse]),
      [
        [undefined, false],
        [0, false],
      ],
    );
  });
});

describe('Exemplars', () => {
  const REQUEST = {
    query: 'up',
    start: 1000,
    end: 2000,
    partialResponseStrategy: PartialResponseStrategy.warn,
  };
  const METHOD = '/thanos.Exemplars/Exemplars';

  it('streams a series of very many exemplars in several messages, none of which takes long to make', async (t) => {
    const list = Array.from({ length: 2500 }, (_, i) => ({
      labels: labelsFromRecord({ i: `${i}` }),
      value: i,
      t: i,
    }));
    const labels = labelsFromRecord({ job: 'x' });
    const exemplars: GatewayLists['exemplars'] = async () => ({
      items: [{ labels, exemplars: list }],
      annotations: [],
      hasSelectors: true,
    });
    const messages = await ask(t, { exemplars }, METHOD, encodeExemplarsRequest(REQUEST), []);
    const sent = messages.map((message) => decodeExemplarsResponse(message).data!);
    assert.deepEqual(
      sent.map(({ exemplars: some }) => some.length),
      [1000, 1000, 500],
    );
    for (const { seriesLabels } of sent) assert.deepEqual(seriesLabels, labels);
    assert.deepEqual(
      sent.flatMap(({ exemplars: some }) => some.map(({ ts }) => ts)),
      list.map(({ t: at }) => at),
    );
  });

  it('streams one message a series', async (t) => {
    const labels = labelsFromRecord({ job: 'x' });
    const seen: ExemplarsQuery[] = [];
    const wishes: ReadWishes[] = [];
    const exemplars: GatewayLists['exemplars'] = async (_, query) => {
      seen.push(query);
      const list = [{ labels: labelsFromRecord({ trace_id: '1' }), value: 0.5, t: 1500 }];
      return { items: [{ labels, exemplars: list }], annotations: REMARKS, hasSelectors: true };
    };
    const messages = await ask(t, { exemplars }, METHOD, encodeExemplarsRequest(REQUEST), wishes);
    const [first, second] = messages.map(decodeExemplarsResponse);
    assert.equal(first!.warning, 'shard x is missing');
    assert.deepEqual(second!.data, {
      seriesLabels: labels,
      exemplars: [{ labels: ['trace_id', '1'], value: 0.5, ts: 1500 }],
    });
    assert.deepEqual(seen, [{ text: 'up', minTime: 1000, maxTime: 2000 }]);
    assert.deepEqual(wishes, [{ dedup: false, mergesReplicas: true, partialResponse: true }]);
  });
});
