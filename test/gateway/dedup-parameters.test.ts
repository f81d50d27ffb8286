import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { InstantData } from '../support/api-client.ts';
import { FLEETS } from '../support/fleets.ts';
import { memoryServer } from '../support/memory-server.ts';
import { columnsSeries, memoryEndpoint } from '../select/support.ts';
import type { Samples } from '../select/support.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';

/** Scrapes every 15 s from `phase` seconds on, for ten minutes, of a counter that grows by one a second. */
function scrapes(phase: number): Samples {
  return Array.from({ length: 40 }, (_, i) => [1000 * (15 * i + phase), 15 * i + phase] as const);
}

const PAIR = [
  memoryEndpoint('a:1', { __replica__: 'a', zone: 'one' }, [columnsSeries({ __name__: 'm' }, scrapes(1))]),
  memoryEndpoint('b:1', { __replica__: 'b', zone: 'two' }, [columnsSeries({ __name__: 'm' }, scrapes(4))]),
];

for (const [how, fleet] of Object.entries(FLEETS))
  describe(`over replicas ${how}`, () => {
    let pair: readonly Endpoint[];
    const stops: (() => Promise<void>)[] = [];
    before(async () => {
      pair = await fleet({ after: (stop) => stops.push(stop) }, PAIR);
    });
    after(async () => {
      await Promise.all(stops.map(async (stop) => stop()));
    });

    async function instant(parameters: Readonly<Record<string, string>>): Promise<InstantData['result']> {
      const url = `/api/v1/query?${new URLSearchParams({ time: '600', ...parameters }).toString()}`;
      const response = await memoryServer(pair, { replicaLabels: ['__replica__', 'zone'] }).inject(url);
      return response.json<{ data: InstantData }>().data.result;
    }

    async function countOf(parameters: Readonly<Record<string, string>>): Promise<readonly string[]> {
      const result = await instant({ query: 'count_over_time(m[10m])', ...parameters });
      return result.map(({ value }) => value[1]);
    }

    test('gap-aware deduplication reads one of two healthy replicas, unless the request asks for another', async () => {
      assert.deepEqual(await countOf({}), ['40']);
      assert.deepEqual(await countOf({ dedup_func: 'gap-aware' }), ['40']);
    });

    test('chain keeps the samples of both replicas', async () => {
      assert.deepEqual(await countOf({ dedup_func: 'chain' }), ['80']);
    });

    test('penalty stays with one of two healthy replicas', async () => {
      assert.deepEqual(await countOf({ dedup_func: 'penalty' }), ['40']);
    });

    test('penalty evens out falls for functions that read counters, and for no others', async (t) => {
      const withHole = [...scrapes(1).slice(0, 10), ...scrapes(1).slice(30)];
      const behind = scrapes(4).map(([t, v]) => [t, v - 100] as const);
      const endpoints = await fleet(t, [
        memoryEndpoint('a:1', { __replica__: 'a' }, [columnsSeries({ __name__: 'm' }, withHole)]),
        memoryEndpoint('b:1', { __replica__: 'b' }, [columnsSeries({ __name__: 'm' }, behind)]),
      ]);
      const server = memoryServer(endpoints, { dedupMode: 'penalty' });
      const valueOf = async (query: string, time: string): Promise<number> => {
        const parameters = new URLSearchParams({ query, time });
        const response = await server.inject(`/api/v1/query?${parameters.toString()}`);
        return Number(response.json<{ data: InstantData }>().data.result[0]!.value[1]);
      };
      assert.equal(await valueOf('resets(m[10m])', '600'), 0);
      assert.equal(await valueOf('min_over_time(m[1m])', '400'), 349 - 100);
    });

    test('an unknown deduplication is refused', async () => {
      const response = await memoryServer(pair).inject('/api/v1/query?query=m&dedup_func=best');
      assert.equal(response.statusCode, 400);
      assert.equal(
        response.json<{ error: string }>().error,
        'invalid parameter "dedup_func": unknown deduplication "best": use one of gap-aware, chain, penalty',
      );
    });

    test('replicaLabels[] replaces the labels of the server, with deduplication', async () => {
      const labels = async (parameters: Readonly<Record<string, string>>): Promise<readonly unknown[]> =>
        (await instant({ query: 'm', dedup: 'true', ...parameters })).map(({ metric }) => metric);
      assert.deepEqual(await labels({}), [{ __name__: 'm' }]);
      assert.deepEqual(await labels({ 'replicaLabels[]': 'zone' }), [
        { __name__: 'm', __replica__: 'a' },
        { __name__: 'm', __replica__: 'b' },
      ]);
      assert.deepEqual(await labels({ 'replicaLabels[]': '__replica__' }), [
        { __name__: 'm', zone: 'one' },
        { __name__: 'm', zone: 'two' },
      ]);
      const url =
        '/api/v1/query?query=m&time=600&dedup=true&replicaLabels[]=zone&replicaLabels[]=__replica__';
      const response = await memoryServer(pair, { replicaLabels: [] }).inject(url);
      assert.equal(response.json<{ data: InstantData }>().data.result.length, 1);
    });
  });
