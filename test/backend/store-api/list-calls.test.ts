import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import * as exemplars from '../../../src/wire/store-api/exemplars.ts';
import * as metadata from '../../../src/wire/store-api/metric-metadata.ts';
import * as rules from '../../../src/wire/store-api/rules.ts';
import * as targets from '../../../src/wire/store-api/targets.ts';
import { failure } from '../../support/fake-store.ts';
import { backendTo, failureOf, valueOf } from './support.ts';
import { scopeWith, told } from '../../support/scopes.ts';

const labels = labelsFromRecord({ cluster: 'eu' });
const ALL_RULES = { type: 'all', ruleNames: [], groupNames: [], files: [], excludeAlerts: false } as const;

describe('over the Store API', () => {
  it('rules come with their groups, and warnings as warnings', async (t) => {
    const asked: unknown[] = [];
    const evaluated = {
      name: 'r',
      query: 'up',
      labels,
      health: 'ok',
      lastError: '',
      evaluationDurationSeconds: 0.5,
      lastEvaluation: 5n,
    };
    const backend = await backendTo(t, {
      rules: (call) => {
        asked.push(rules.decodeRulesRequest(call.request));
        const alert = {
          ...evaluated,
          state: 3,
          durationSeconds: 60,
          annotations: labels,
          alerts: [
            { labels, annotations: labels, state: 2, activeAt: 7n, value: '1', partialResponseStrategy: 0 },
          ],
          keepFiringForSeconds: 1,
        };
        const group = {
          name: 'g',
          file: 'f',
          rules: [
            { recording: evaluated, alert: undefined },
            { recording: undefined, alert },
            { recording: undefined, alert: undefined },
          ],
          interval: 15,
          evaluationDurationSeconds: 1,
          lastEvaluation: 9n,
          partialResponseStrategy: 0,
          limit: 2,
        };
        call.write(rules.encodeRulesResponse({ group, warning: undefined }));
        call.write(rules.encodeRulesResponse({ group: undefined, warning: 'one is away' }));
        call.end();
      },
    });
    const request = {
      ...ALL_RULES,
      type: 'alerting',
      ruleNames: ['r'],
      groupNames: ['g'],
      files: ['f'],
    } as const;
    const { items, annotations } = valueOf(await backend.lists.rules(scopeWith(), request));
    assert.deepEqual(asked, [
      {
        type: 1,
        partialResponseStrategy: 0,
        matcherString: [],
        ruleName: ['r'],
        ruleGroup: ['g'],
        file: ['f'],
      },
    ]);
    const common = {
      name: 'r',
      query: 'up',
      labels,
      health: 'ok',
      lastError: '',
      evaluationTime: 0.5,
      lastEvaluation: 5n,
    };
    const alert = {
      labels,
      annotations: labels,
      state: 'pending',
      activeAt: 7n,
      keepFiringSince: undefined,
      value: '1',
    };
    assert.deepEqual(items, [
      {
        name: 'g',
        file: 'f',
        rules: [
          { kind: 'recording', ...common },
          {
            kind: 'alerting',
            ...common,
            state: 'firing',
            duration: 60,
            keepFiringFor: 1,
            annotations: labels,
            alerts: [alert],
          },
        ],
        interval: 15,
        limit: 2,
        evaluationTime: 1,
        lastEvaluation: 9n,
      },
    ]);
    assert.deepEqual(told(annotations), [{ severity: 'warning', message: 'one is away' }]);
  });

  it('targets come active and dropped', async (t) => {
    const active = {
      discoveredLabels: labels,
      labels,
      scrapePool: 'p',
      scrapeUrl: 'u',
      globalUrl: 'g',
      lastError: '',
      lastScrape: 1n,
      lastScrapeDuration: 0.1,
      health: 0,
    };
    const backend = await backendTo(t, {
      targets: (call) => {
        assert.equal(targets.decodeTargetsRequest(call.request).state, 1);
        call.write(
          targets.encodeTargetsResponse({
            targets: { activeTargets: [active], droppedTargets: [{ discoveredLabels: labels }] },
            warning: undefined,
          }),
        );
        call.end();
      },
    });
    const found = valueOf(await backend.lists.targets(scopeWith(), { state: 'active', scrapePool: '' }));
    const other = valueOf(await backend.lists.targets(scopeWith(), { state: 'active', scrapePool: 'other' }));
    assert.deepEqual([other.active, other.dropped], [[], []]);
    assert.deepEqual(found, {
      active: [{ ...active, health: 'down', scrapeInterval: '', scrapeTimeout: '' }],
      dropped: [{ discoveredLabels: labels, scrapePool: '' }],
      droppedCounts: undefined,
      annotations: [],
    });
  });

  it('metadata and exemplars come as lists', async (t) => {
    const backend = await backendTo(t, {
      metadata: (call) => {
        assert.deepEqual(metadata.decodeMetricMetadataRequest(call.request).metric, 'up');
        const metas = [{ type: 'gauge', help: 'h', unit: '' }];
        const answer = { metadata: new Map([['up', { metas }]]) };
        call.write(metadata.encodeMetricMetadataResponse({ metadata: answer, warning: undefined }));
        call.end();
      },
      exemplars: (call) => {
        assert.equal(exemplars.decodeExemplarsRequest(call.request).query, '{a="1"} + {b="2"}');
        const data = { seriesLabels: labels, exemplars: [{ labels, value: 2, ts: 3 }] };
        call.write(exemplars.encodeExemplarsResponse({ data, warning: undefined }));
        call.end();
      },
    });
    const { lists } = backend;
    assert.deepEqual(valueOf(await lists.metadata(scopeWith(), { metric: 'up' })).items, [
      { metric: 'up', type: 'gauge', unit: '', help: 'h' },
    ]);
    const matcherSets = [
      [{ kind: '=', name: 'a', value: '1' }],
      [{ kind: '=', name: 'b', value: '2' }],
    ] as const;
    assert.deepEqual(
      valueOf(await lists.exemplars(scopeWith(), { matcherSets, minTime: 0, maxTime: 9 })).items,
      [{ labels, exemplars: [{ labels, value: 2, t: 3 }] }],
    );
  });

  it('what is not offered is an empty list, and what fails is a failure', async (t) => {
    const backend = await backendTo(t, {
      targets: (call) => void call.emit('error', failure(status.UNAVAILABLE, 'gone')),
      metadata: (call) => {
        call.write(Uint8Array.of(0x0a, 0x09));
        call.end();
      },
    });
    const { lists } = backend;
    assert.deepEqual(valueOf(await lists.rules(scopeWith(), ALL_RULES)), { items: [], annotations: [] });
    const lost = await lists.targets(scopeWith(), { state: 'any', scrapePool: '' });
    assert.equal(failureOf(lost).kind, 'unavailable');
    const broken = await lists.metadata(scopeWith(), { metric: '' });
    assert.match(failureOf(broken).reason, /its answer to \/thanos.Metadata\/MetricMetadata is damaged/);
  });
});
