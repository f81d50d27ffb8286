import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { Federation } from '../../../src/gateway/raw/federate.ts';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import { labelsFromRecord, labelsToRecord } from '../../../src/model/labels.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { copyColumns, SampleBuffer } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { columnsSeries, failingEndpoint, memoryEndpoint, type Samples } from '../../select/support.ts';
import { gatewayAt, NOW, until } from './support.ts';

async function federated(
  endpoints: readonly Endpoint[],
  selectors: readonly string[],
  wishes: ReadWishes = {},
): Promise<Federation> {
  const { gateway, scope } = gatewayAt(endpoints, wishes);
  return gateway.raw.federate(scope, { selectors, takes: () => true });
}

/** A series that a stale marker ends. */
function endedSeries(labels: Readonly<Record<string, string>>, samples: Samples, end: number): RawSeries {
  const buffer = new SampleBuffer();
  for (const [t, v] of samples) buffer.push(t, v);
  buffer.push(end, STALE_NAN);
  return { labels: labelsFromRecord(labels), data: { kind: 'columns', columns: copyColumns(buffer) } };
}

const told = ({ samples }: Federation): unknown =>
  [...samples].map(({ name, labels, t, v }) => [name, labelsToRecord(labels), (NOW - t) / 1000, v]);

describe('federation', () => {
  it('tells the newest sample of each series of all shards once, with its own time', async () => {
    const shard = (name: string, replica: string, ago: number): Endpoint =>
      memoryEndpoint(`${name}${replica}:1`, { shard: name, __replica__: replica }, [
        columnsSeries({ __name__: 'b', job: name }, until(ago)),
        columnsSeries({ __name__: 'a', Job: name }, until(ago, 100)),
      ]);
    const endpoints = [shard('0', 'a', 4), shard('0', 'b', 4), shard('1', 'a', 7)];
    assert.deepEqual(told(await federated(endpoints, ['a', 'b', '{__name__=~"a|b"}'])), [
      ['a', { Job: '0', __name__: 'a', shard: '0' }, 4, 139],
      ['a', { Job: '1', __name__: 'a', shard: '1' }, 7, 139],
      ['b', { __name__: 'b', job: '0', shard: '0' }, 4, 40],
      ['b', { __name__: 'b', job: '1', shard: '1' }, 7, 40],
    ]);
  });

  it('sorts by name, also where a label sorts before the name', async () => {
    const series = ['c', 'a', 'b'].map((name, i) =>
      columnsSeries({ __name__: name, A: String(i) }, until(0)),
    );
    const { samples } = await federated([memoryEndpoint('x:1', {}, series)], ['{__name__=~"a|b|c"}']);
    assert.deepEqual(
      [...samples].map(({ name }) => name),
      ['a', 'b', 'c'],
    );
  });

  it('leaves out series that have ended, are older than the lookback delta, or have no name', async () => {
    const endpoint = memoryEndpoint('x:1', {}, [
      endedSeries({ __name__: 'm', is: 'ended' }, until(15), NOW - 1),
      columnsSeries({ __name__: 'm', is: 'on the edge' }, until(300)),
      columnsSeries({ __name__: 'm', is: 'too old' }, until(301)),
      columnsSeries({ is: 'without a name' }, until(0)),
    ]);
    assert.deepEqual(told(await federated([endpoint], ['{is!=""}'])), [
      ['m', { __name__: 'm', is: 'on the edge' }, 300, 40],
    ]);
  });

  it('goes on where a replica ended, and ends where all of them did', async () => {
    const replica = (name: string, series: RawSeries): Endpoint =>
      memoryEndpoint(`${name}:1`, { shard: '0', __replica__: name }, [series]);
    const ended = (ago: number): RawSeries =>
      endedSeries({ __name__: 'm' }, until(ago), NOW - 1000 * (ago - 15));
    const goesOn = replica('b', columnsSeries({ __name__: 'm' }, until(5)));
    const [one, other] = [replica('a', ended(60)), replica('b', ended(62))];
    assert.equal([...(await federated([one, goesOn], ['m'])).samples].length, 1);
    assert.equal([...(await federated([one, other], ['m'])).samples].length, 0);
  });

  it('says what is missing, and refuses where nothing may be', async () => {
    const endpoints = [
      memoryEndpoint('a:1', { shard: '0' }, [columnsSeries({ __name__: 'm' }, until(0))]),
      failingEndpoint('b:1', { shard: '1' }),
    ];
    const { annotations } = await federated(endpoints, ['m']);
    assert.deepEqual(
      annotations.map(({ kind }) => kind),
      ['shard'],
    );
    await assert.rejects(federated(endpoints, ['m'], { partialResponse: false }), { kind: 'unavailable' });
  });

  it('wants selectors, and right ones', async () => {
    await assert.rejects(federated([], []), { kind: 'bad_data', message: 'no match[] parameter provided' });
    await assert.rejects(federated([], ['up{']), { kind: 'bad_data' });
    await assert.rejects(federated([], ['{a=~".*"}']), { kind: 'bad_data' });
  });
});
