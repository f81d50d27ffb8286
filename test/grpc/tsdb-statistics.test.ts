import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import { NO_LISTS } from '../../src/backend/list-calls.ts';
import type { TsdbStatisticsQuery } from '../../src/gateway/tsdb-statistics.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { success } from '../../src/model/result.ts';
import { PartialResponseStrategy } from '../../src/wire/store-api/partial-response.ts';
import {
  decodeTsdbStatisticsResponse,
  encodeTsdbStatisticsRequest,
} from '../../src/wire/store-api/tsdb-statistics.ts';
import { headOf, listed, statisticsOf } from '../select/lists/statistics-support.ts';
import { memoryEndpoint } from '../select/support.ts';
import { callStream, gatewayOver, gatewayWith, startGrpc } from './support.ts';
import { remark } from '../../src/model/annotations.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { opening } from '../support/open-requests.ts';

const REQUEST = {
  tenant: '',
  limit: 0,
  partialResponseStrategy: PartialResponseStrategy.warn,
  matchers: [],
};
const EU = statisticsOf({ headStatistics: headOf(7, 1, 2), seriesCountByMetricName: listed({ up: 3 }) });
const US = statisticsOf({ headStatistics: headOf(9, 1, 2) });

async function ask(t: TestContext, gateway: Gateway, request: Partial<typeof REQUEST>) {
  const { client, close } = await startGrpc(gateway);
  t.after(close);
  const message = encodeTsdbStatisticsRequest({ ...REQUEST, ...request });
  const { messages, code } = await callStream(client, '/thanos.Status/TSDBStatistics', message);
  assert.equal(code, status.OK);
  return messages.map(decodeTsdbStatisticsResponse);
}

describe('Status', () => {
  const gateway = (seen: TsdbStatisticsQuery[] = [], wishes: ReadWishes[] = []) =>
    gatewayWith({
      open: opening(wishes),
      lists: {
        tsdbStatistics: async (_, query) => {
          seen.push(query);
          const byTenant = new Map([
            ['eu', EU],
            ['us', US],
          ]);
          const annotations = [remark('warning', 'shard x is missing'), remark('info', 'a replica is down')];
          return { byTenant, total: statisticsOf({}), annotations };
        },
      },
    });

  it('sends warnings, and all tenants in one message', async (t) => {
    const [first, second, ...others] = await ask(t, gateway(), {});
    assert.equal(first!.warning, 'shard x is missing');
    assert.deepEqual(
      [...second!.statistics!.statistics],
      [
        ['eu', EU],
        ['us', US],
      ],
    );
    assert.deepEqual(others, []);
  });

  it('leaves other tenants out where one is asked for', async (t) => {
    const [, answer] = await ask(t, gateway(), { tenant: 'us' });
    assert.deepEqual([...answer!.statistics!.statistics.keys()], ['us']);
  });

  it('asks for what the request says', async (t) => {
    const seen: TsdbStatisticsQuery[] = [];
    const wishes: ReadWishes[] = [];
    const matchers = [{ kind: '=', name: 'a', value: 'b' }] as const;
    await ask(t, gateway(seen, wishes), {});
    const message = { limit: 5, partialResponseStrategy: PartialResponseStrategy.abort };
    const request = encodeTsdbStatisticsRequest({ ...REQUEST, ...message, matchers });
    const { client, close } = await startGrpc(gateway(seen, wishes));
    t.after(close);
    await callStream(client, '/thanos.Status/TSDBStatistics', request);
    assert.deepEqual(seen, [
      { limit: undefined, selectors: [], matchers: [] },
      { limit: 5, selectors: [], matchers },
    ]);
    assert.deepEqual(wishes, [{ partialResponse: true }, { partialResponse: false }]);
  });

  it('reads the endpoints below', async (t) => {
    const items = [{ tenant: '', statistics: EU }];
    const lists = {
      ...NO_LISTS,
      tsdbStatistics: () => Promise.resolve(success({ items, annotations: [] })),
    };
    const endpoints = ['a', 'b'].map((name) => memoryEndpoint(name, { __replica__: name }, [], {}, lists));
    const [answer] = await ask(t, gatewayOver(endpoints), {});
    const { headStatistics, seriesCountByMetricName } = answer!.statistics!.statistics.get('')!;
    assert.deepEqual([headStatistics.numSeries, seriesCountByMetricName], [14, listed({ up: 6 })]);
  });
});
