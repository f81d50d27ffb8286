import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import type { Backend } from '../../../src/backend/backend.ts';
import type { ListCalls } from '../../../src/backend/list-calls.ts';
import type { PromqlServerOptions } from '../../../src/app/promql-server.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { remark } from '../../../src/model/annotations.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../src/model/labels.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { success } from '../../../src/model/result.ts';
import type { Rule } from '../../../src/model/rules.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { columnsSeries, endpointOf, failingEndpoint } from '../../select/support.ts';
import { memoryOptions } from '../../support/memory-server.ts';
import { PLAIN_TENANCY } from '../../support/plain-tenancy.ts';

/** When all is asked, ms since the epoch. */
export const NOW: number = Date.UTC(2026, 0, 1);
const INSTANT = BigInt(NOW) * 1_000_000n;

/** Two tenants that ask, and one that never does. What is of a tenant, or tells of it, has `secret` and its name in it. */
export const TENANTS = ['a', 'b', 'c'] as const;
export type TenantName = (typeof TENANTS)[number];

export function secretOf(tenant: string): string {
  return `secret${tenant}`;
}

function seriesOf(tenant: TenantName, more: Readonly<Record<string, string>>): RawSeries {
  const secret = secretOf(tenant);
  const labels = { __name__: `${secret}_metric`, [`${secret}_label`]: `${secret}-value`, ...more };
  return columnsSeries(labels, [
    [NOW - 60_000, 1],
    [NOW - 30_000, 2],
  ]);
}

/** What a server that all tenants share tells beside its series. It takes no notice of what narrows a request down. */
const SHARED_LISTS: ListCalls = {
  rules: async () =>
    success({
      annotations: [remark('warning', 'secretc warns')],
      items: [
        ...TENANTS.map((tenant) => ({ ...GROUP, name: `${secretOf(tenant)}-group`, rules: rulesOf(tenant) })),
        // Of nobody, with alerts of everybody.
        { ...GROUP, name: 'secretc-common', rules: [alerting('secretc:common', {}, TENANTS)] },
      ],
    }),
  targets: async () =>
    success({
      annotations: [],
      active: TENANTS.map((tenant) => ({
        discoveredLabels: labelsFromRecord({ __address__: `${secretOf(tenant)}:80` }),
        labels: labelsFromRecord({ job: secretOf(tenant), tenant_id: tenant }),
        scrapePool: `${secretOf(tenant)}-pool`,
        scrapeUrl: `http://${secretOf(tenant)}/metrics`,
        globalUrl: `http://${secretOf(tenant)}/metrics`,
        lastError: '',
        lastScrape: INSTANT,
        lastScrapeDuration: 0.1,
        health: 'up' as const,
        scrapeInterval: '15s',
        scrapeTimeout: '10s',
      })),
      dropped: TENANTS.map((tenant) => ({
        discoveredLabels: labelsFromRecord({ __address__: `${secretOf(tenant)}:81`, tenant_id: tenant }),
        scrapePool: `${secretOf(tenant)}-pool`,
      })),
      droppedCounts: new Map(TENANTS.map((tenant) => [`${secretOf(tenant)}-pool`, 7])),
    }),
  alertmanagers: async () =>
    success({
      active: TENANTS.map((tenant) => `http://${secretOf(tenant)}-am`),
      dropped: [],
      annotations: [],
    }),
  metadata: async () => success({ items: TENANTS.map(metadataOf), annotations: [] }),
  targetMetadata: async () =>
    success({
      annotations: [],
      items: TENANTS.map((tenant) => ({
        ...metadataOf(tenant),
        target: labelsFromRecord({ job: secretOf(tenant), tenant_id: tenant }),
      })),
    }),
  exemplars: async () =>
    success({
      annotations: [],
      items: TENANTS.map((tenant) => ({
        labels: labelsFromRecord({ __name__: `${secretOf(tenant)}_metric`, tenant_id: tenant }),
        exemplars: [
          { labels: labelsFromRecord({ trace_id: `${secretOf(tenant)}-trace` }), value: 1, t: NOW },
        ],
      })),
    }),
  tsdbStatistics: async () =>
    success({
      annotations: [],
      items: TENANTS.map((tenant) => ({
        tenant,
        statistics: {
          headStatistics: { numSeries: 9, numLabelPairs: 9, chunkCount: 9, minTime: 0, maxTime: NOW },
          seriesCountByMetricName: [{ name: `${secretOf(tenant)}_metric`, value: 9 }],
          labelValueCountByLabelName: [],
          memoryInBytesByLabelName: [],
          seriesCountByLabelValuePair: [],
        },
      })),
    }),
};

const GROUP = { file: 'rules.yml', interval: 30, limit: 0, evaluationTime: 0.1, lastEvaluation: INSTANT };

function metadataOf(tenant: TenantName) {
  const secret = secretOf(tenant);
  return { metric: `${secret}_metric`, type: 'gauge', unit: '', help: `${secret} help` };
}

function rulesOf(tenant: TenantName): readonly Rule[] {
  const labels = labelsFromRecord({ tenant_id: tenant });
  const secret = secretOf(tenant);
  const recording = {
    ...RULE,
    kind: 'recording',
    name: `${secret}:rule`,
    query: `${secret}_metric`,
    labels,
  } as const;
  return [recording, alerting(`${secret}:alert`, { tenant_id: tenant }, TENANTS)];
}

const RULE = { health: 'ok', lastError: '', evaluationTime: 0.1, lastEvaluation: INSTANT };

function alerting(
  name: string,
  labels: Readonly<Record<string, string>>,
  alertsOf: readonly TenantName[],
): Rule {
  return {
    ...RULE,
    kind: 'alerting',
    name,
    query: `${name} > 0`,
    labels: labelsFromRecord(labels),
    state: 'firing',
    duration: 60,
    keepFiringFor: 0,
    annotations: ['summary', name],
    alerts: alertsOf.map((tenant) => ({
      labels: labelsFromRecord({ alertname: 'x', of: secretOf(tenant), tenant_id: tenant }),
      annotations: ['summary', `of ${secretOf(tenant)}`],
      state: 'firing' as const,
      activeAt: INSTANT,
      keepFiringSince: undefined,
      value: '1e+00',
    })),
  };
}

/** How a server takes matchers. */
export const SERVERS = ['keep to matchers', 'take no notice of matchers'] as const;

function backendOf(
  how: (typeof SERVERS)[number],
  address: string,
  series: readonly RawSeries[],
  lists?: ListCalls,
): Backend {
  const backend = createMemoryBackend({
    address,
    externalLabels: EMPTY_LABELS,
    series,
    ...(lists && { lists }),
  });
  if (how === 'keep to matchers') return backend;
  return {
    address,
    lists: backend.lists,
    describe: (signal) => backend.describe(signal),
    close: () => backend.close(),
    select: (scope, request) => backend.select(scope, { ...request, matchers: [] }),
    series: (scope, request) => backend.series(scope, { ...request, matcherSets: [] }),
    labelNames: (scope, request) => backend.labelNames(scope, { ...request, matcherSets: [] }),
    labelValues: (scope, label, request) =>
      backend.labelValues(scope, label, { ...request, matcherSets: [] }),
  };
}

/**
 * A shard of each tenant, one that all share and whose series carry the label of the tenant, one of a tenant with series that say
 * themselves that they are of others, one with series of nobody, two replicas of which one is away, two that are away, and one of which
 * nobody knows anything.
 */
export function endpointsOf(how: (typeof SERVERS)[number]): readonly Endpoint[] {
  const of = (
    address: string,
    external: Readonly<Record<string, string>>,
    series: readonly RawSeries[],
    more: Partial<Endpoint> = {},
    lists?: ListCalls,
  ): Endpoint => endpointOf(backendOf(how, address, series, lists), labelsFromRecord(external), more);
  const own = TENANTS.map((tenant) => {
    const shard = { tenant_id: tenant, shard: `${secretOf(tenant)}-shard` };
    return of(`http://${secretOf(tenant)}-host:9090`, shard, [seriesOf(tenant, { ...shard, from: 'own' })]);
  });
  const mixed = TENANTS.map((tenant) => seriesOf(tenant, { tenant_id: tenant, from: 'mixed', site: 'x' }));
  const replicas = TENANTS.map((tenant) =>
    seriesOf(tenant, { tenant_id: tenant, from: 'pair', pair: '1', __replica__: 'r1' }),
  );
  return [
    ...own,
    of(
      'http://secretc-shared:9090',
      {},
      TENANTS.map((tenant) => seriesOf(tenant, { tenant_id: tenant })),
      {},
      SHARED_LISTS,
    ),
    of('http://secretc-mixed:9090', { tenant_id: 'c', site: 'x' }, mixed, {
      ownLabels: new Set(['tenant_id']),
    }),
    of('http://secretc-nobodys:9090', { zone: 'secretc' }, [seriesOf('c', { zone: 'secretc' })]),
    of('http://secretc-replica:9090', { pair: '1', __replica__: 'r1' }, replicas),
    failingEndpoint('http://secretc-lost-replica:9090', { pair: '1', __replica__: 'r2' }),
    failingEndpoint('http://secretc-lost:9090', { zone: 'secretc-lost' }),
    failingEndpoint('http://secretb-lost:9090', { tenant_id: 'b', shard: 'secretb-lost' }),
    { ...failingEndpoint('http://secretc-unknown:9090', {}), externalLabels: undefined },
  ];
}

/** A gateway over them. `ops` is an administrator. */
export function tenantedOptions(how: (typeof SERVERS)[number]): PromqlServerOptions {
  const endpoints = endpointsOf(how);
  const topology = fixedTopology(endpoints);
  const clock = { now: () => NOW, monotonic: () => 0 };
  return {
    ...memoryOptions(endpoints),
    selection: createSelection({ topology: () => topology, timers: SYSTEM_TIMERS, clock }),
    clock,
    flags: () => ({ secretc: 'secretb' }),
    yaml: () => 'secretc: secretb\n',
    stage: { obstacle: () => undefined, trouble: () => 'it lacks secretc', isDraining: () => false },
    features: new Set(['promql-experimental-functions']),
    tenancy: {
      ...PLAIN_TENANCY,
      tenants: new Map([
        ['a', undefined],
        ['b', undefined],
        ['configured', [{ kind: '=', name: 'tenant_id', value: 'a' }]],
      ]),
      placed: new Set(['a', 'b', 'configured']),
    },
  };
}
