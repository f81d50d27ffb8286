import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { decodeInfoResponse } from '../../src/wire/store-api/info.ts';
import { endpointOf, failingEndpoint, memoryEndpoint } from '../select/support.ts';
import { callUnary, gatewayOver, startGrpc } from './support.ts';

const INFO = '/thanos.info.Info/Info';

describe('Info', () => {
  it('presents a querier: labels and time ranges of all endpoints, and what it serves', async (t) => {
    const gateway = gatewayOver([
      memoryEndpoint('a', { shard: '0', __replica__: 'a' }, [], { minTime: 1000, maxTime: 2000 }),
      memoryEndpoint('b', { shard: '0', __replica__: 'b' }, [], { minTime: 500, maxTime: Infinity }),
    ]);
    const { client, close } = await startGrpc(gateway, { engine: 'promweave 1' });
    t.after(close);
    const { messages } = await callUnary(client, INFO);
    const a = labelsFromRecord({ __replica__: 'a', shard: '0' });
    const b = labelsFromRecord({ __replica__: 'b', shard: '0' });
    const open = 2 ** 63;
    assert.deepEqual(decodeInfoResponse(messages[0]!), {
      labelSets: [a, b],
      componentType: 'query',
      store: {
        minTime: 500,
        maxTime: open,
        supportsSharding: false,
        supportsWithoutReplicaLabels: true,
        tsdbInfos: [
          { labels: a, minTime: 1000, maxTime: 2000 },
          { labels: b, minTime: 500, maxTime: open },
        ],
      },
      rules: true,
      metricMetadata: true,
      targets: true,
      exemplars: { minTime: 500, maxTime: open },
      query: true,
      status: true,
      engine: 'promweave 1',
    });
  });

  it('lists equal labels once and an endpoint of unknown labels as one that may have any', async (t) => {
    const unknown = failingEndpoint('x', {});
    const gateway = gatewayOver([
      memoryEndpoint('a', { shard: '0' }, []),
      memoryEndpoint('b', { shard: '0' }, []),
      { ...endpointOf(unknown.backend, labelsFromRecord({})), externalLabels: undefined },
    ]);
    const { client, close } = await startGrpc(gateway);
    t.after(close);
    const { messages } = await callUnary(client, INFO);
    assert.deepEqual(decodeInfoResponse(messages[0]!).labelSets, [['shard', '0'], []]);
  });

  it('is unbounded where there are no endpoints', async (t) => {
    const { client, close } = await startGrpc(gatewayOver([]));
    t.after(close);
    const { messages } = await callUnary(client, INFO);
    const { store, labelSets } = decodeInfoResponse(messages[0]!);
    assert.deepEqual([labelSets, store!.minTime, store!.maxTime], [[], -(2 ** 63), 2 ** 63]);
  });

  it('waits for the endpoints to be asked', async (t) => {
    const { client, close } = await startGrpc(gatewayOver([]), { ready: false });
    t.after(close);
    assert.equal((await callUnary(client, INFO)).code, status.UNAVAILABLE);
  });
});
