import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TsdbStatisticsRequest } from '../../src/backend/list-calls.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import type { GatewayLists } from '../../src/gateway/lists.ts';
import { headOf, listed, statisticsOf } from '../select/lists/statistics-support.ts';
import { listsOf, partsOf, selectionOf } from './support.ts';
import { scopeWith } from '../support/scopes.ts';

const QUERY = { limit: undefined, selectors: [], matchers: [] };

function gatewayOver(seen: TsdbStatisticsRequest[] = []): GatewayLists {
  const tenant = (series: Readonly<Record<string, number>>) =>
    statisticsOf({ headStatistics: headOf(10, 1, 2), seriesCountByMetricName: listed(series) });
  const lists = listsOf({
    tsdbStatistics: async (_, request) => {
      seen.push(request);
      const byTenant = new Map([
        ['x', tenant({ a: 5, b: 4 })],
        ['y', tenant({ b: 4, c: 1 })],
      ]);
      return { byTenant, annotations: [] };
    },
  });
  return createGateway(partsOf({ selection: selectionOf({ lists }) })).lists;
}

test('the total is of all tenants and cut to the limit; those of one tenant are whole', async () => {
  const { total, byTenant } = await gatewayOver().tsdbStatistics(scopeWith(), { ...QUERY, limit: 1 });
  assert.equal(total.headStatistics.numSeries, 20);
  assert.deepEqual(total.seriesCountByMetricName, listed({ b: 8 }));
  assert.deepEqual(byTenant.get('x')!.seriesCountByMetricName, listed({ a: 5, b: 4 }));
});

test('without a limit the total is whole', async () => {
  const { total } = await gatewayOver().tsdbStatistics(scopeWith(), QUERY);
  assert.deepEqual(total.seriesCountByMetricName, listed({ b: 8, a: 5, c: 1 }));
});

test('all selectors and matchers must hold', async () => {
  const seen: TsdbStatisticsRequest[] = [];
  const matcher = { kind: '!=', name: 'c', value: '3' } as const;
  const selectors = ['{a="1"}', '{b=~"2"}'];
  await gatewayOver(seen).tsdbStatistics(scopeWith(), { limit: 3, selectors, matchers: [matcher] });
  const [a, b] = [
    { kind: '=', name: 'a', value: '1' },
    { kind: '=~', name: 'b', value: '2' },
  ];
  assert.deepEqual(seen, [{ limit: 3, matchers: [a, b, matcher] }]);
});

test('a selector that cannot be read is refused', async () => {
  await assert.rejects(gatewayOver().tsdbStatistics(scopeWith(), { ...QUERY, selectors: ['{'] }), {
    kind: 'bad_data',
    message: /^invalid parameter "match\[\]": /,
  });
});
