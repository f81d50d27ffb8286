import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { labelValue, labelsFromRecord } from '../../src/model/labels.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { isStale } from '../../src/model/stale.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { gatewayOver } from '../grpc/support.ts';
import { NEVER, memoryEndpoint, type Samples } from '../select/support.ts';
import { FLEETS } from '../support/fleets.ts';
import { FAULTS } from './faults.ts';
import { ORIGIN_MS, counterWithResets, merged, replicas } from './world.ts';
import { originOf } from '../support/open-requests.ts';

const HOUR = 3_600_000;

/** What each replica has of every fault's series, and the one series that comes of it. */
const WATCHED = Object.entries(FAULTS).map(([fault, { sights, resets = [] }]) => {
  const watched = replicas(counterWithResets(...resets), HOUR, sights);
  return { fault, watched, expected: samplesOf(merged(watched)) };
});
const REPLICAS = ['a', 'b', 'c', 'd', 'e'];

/** Without stale markers, as range selectors select them; those are known by their bits in the column alone. */
function samplesOf({ t, v, length }: SampleColumns): Samples {
  const samples: (readonly [t: number, v: number])[] = [];
  for (let i = 0; i < length; i++) if (!isStale(v[i]!)) samples.push([t[i]!, v[i]!]);
  return samples;
}

function inMemory(replica: string): Endpoint {
  const series = WATCHED.flatMap(({ fault, watched }) =>
    watched
      .filter(({ name, columns }) => name === replica && columns.length > 0)
      .map(({ columns }) => ({
        labels: labelsFromRecord({ __name__: 'events_total', fault }),
        data: { kind: 'chunks', chunks: encodeColumns(columns) } as const,
      })),
  );
  const external = { __replica__: replica, cluster: 'truth' };
  return memoryEndpoint(replica, external, series, { timeoutMs: 60_000 });
}

for (const [how, fleet] of Object.entries(FLEETS))
  test(`every fault's series is what deduplication makes of the replicas, ${how}`, async (t) => {
    const query = { text: 'events_total[2h]', limit: 0, time: ORIGIN_MS + HOUR + 60_000 };
    const gateway = gatewayOver(await fleet(t, REPLICAS.map(inMemory)));
    const { value, annotations } = (await gateway.query(gateway.open({}, originOf(NEVER)), query)).answer;
    assert.deepEqual(annotations, []);
    assert.ok(value.kind === 'matrix');
    const found = new Map(
      value.series.map(({ labels, columns }) => [labelValue(labels, 'fault'), samplesOf(columns)]),
    );
    assert.equal(found.size, WATCHED.length);
    for (const { fault, expected } of WATCHED) assert.deepEqual(found.get(fault), expected, fault);
  });
