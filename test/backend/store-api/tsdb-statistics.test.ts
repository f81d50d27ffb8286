import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import {
  decodeTsdbStatisticsRequest,
  encodeTsdbStatisticsResponse,
} from '../../../src/wire/store-api/tsdb-statistics.ts';
import { headOf, listed, statisticsOf } from '../../select/lists/statistics-support.ts';
import { failure } from '../../support/fake-store.ts';
import { backendTo, failureOf, valueOf } from './support.ts';
import { scopeWith } from '../../support/scopes.ts';

const matchers = [{ kind: '=', name: 'tenant', value: 'x' }] as const;

test('statistics come by tenant, and warnings as warnings', async (t) => {
  const statistics = statisticsOf({
    headStatistics: headOf(7, 1, 2),
    seriesCountByMetricName: listed({ up: 3 }),
  });
  const asked: unknown[] = [];
  const backend = await backendTo(t, {
    statistics: (call) => {
      asked.push(decodeTsdbStatisticsRequest(call.request));
      const byTenant = new Map([
        ['x', statistics],
        ['y', statisticsOf({})],
      ]);
      const answer = { statistics: { statistics: byTenant }, warning: undefined };
      call.write(encodeTsdbStatisticsResponse({ statistics: undefined, warning: 'one is away' }));
      call.write(encodeTsdbStatisticsResponse(answer));
      call.end();
    },
  });
  const found = valueOf(await backend.lists.tsdbStatistics(scopeWith(), { limit: 5, matchers }));
  assert.deepEqual(found, {
    items: [
      { tenant: 'x', statistics },
      { tenant: 'y', statistics: statisticsOf({}) },
    ],
    annotations: [{ kind: 'incomplete', message: 'one is away' }],
  });
  assert.deepEqual(asked, [{ tenant: '', limit: 5, partialResponseStrategy: 0, matchers }]);
});

test('a store without this service has no statistics; one that fails in it failed', async (t) => {
  const request = { limit: undefined, matchers: [] };
  const without = await backendTo(t, {});
  assert.deepEqual(valueOf(await without.lists.tsdbStatistics(scopeWith(), request)).items, []);
  const failing = await backendTo(t, {
    statistics: (call) => void call.emit('error', failure(status.UNAVAILABLE, 'gone')),
  });
  assert.equal(failureOf(await failing.lists.tsdbStatistics(scopeWith(), request)).kind, 'unavailable');
});
