import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Topology } from '../../../src/cluster/topology.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { createGateway, type ChangeableGateway } from '../../../src/gateway/gateway.ts';
import type { ResultsCacheSettings, ResultsEvent } from '../../../src/gateway/results-cache/results-cache.ts';
import type { Clock } from '../../../src/model/clock.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import type { Replica } from '../../../src/dedup/replica.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { partsOf } from '../../gateway/support.ts';
import { memoryEndpoint } from '../../select/support.ts';
import { assertProperty } from '../../support/property.ts';
import { identity, replicasOf, scenario } from '../dedup-scenario.ts';
import { ask } from './keeping-gateway.ts';
import { FEATURES } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEP = 30_000;
/** As late as samples show up where they are scraped. What a choice of deduplication waits for comes on top. */
const KEEPS: ResultsCacheSettings = { bytes: 1e8, lifetime: 24 * HOUR, minFresh: 2 * MINUTE };
const QUERIES = ['m', 'timestamp(m)', 'rate(m[15m])', 'last_over_time(m[10m])', 'count_over_time(m[20m])'];

/** What the replicas have scraped until a time. */
function topologyAt(replicas: readonly Replica[], now: number): Topology {
  return fixedTopology(
    replicas.map(({ name, columns }) => {
      const until = new SampleBuffer();
      for (let i = 0; i < columns.length && columns.t[i]! <= now; i++)
        until.push(columns.t[i]!, columns.v[i]!);
      const data = { kind: 'chunks', chunks: encodeColumns(until) } as const;
      const labels = labelsFromRecord({ __name__: 'm', job: 'j' });
      return memoryEndpoint(`${name}:1`, { __replica__: name }, until.length === 0 ? [] : [{ labels, data }]);
    }),
  );
}

function gatewayOver(
  world: { readonly topology: () => Topology; readonly clock: Clock },
  resultsCache: ResultsCacheSettings | undefined,
  onResults: (event: ResultsEvent) => void,
): ChangeableGateway {
  const { clock } = world;
  const options = {
    lookbackDelta: 5 * MINUTE,
    noStepSubqueryInterval: MINUTE,
    maxSamples: 5e7,
    features: FEATURES,
    clock,
    perStepStats: false,
  };
  return createGateway(
    partsOf({
      features: FEATURES,
      clock,
      selection: createSelection({ ...world, timers: SYSTEM_TIMERS }),
      evaluate: (query, source, signal) => evaluate(query, source, options, signal),
      resultsCache,
      onResults,
    }),
  );
}

test('what is kept is what is evaluated later, however seldom replicas scrape and whatever they missed', async () => {
  let keptSteps = 0;
  await assertProperty(
    fc.asyncProperty(
      scenario(2, 2, [15_000, 60_000, 300_000, 600_000]),
      fc.constantFrom(...QUERIES),
      fc.double({ min: 0.3, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 60 }),
      async (scraped, text, share, minutesLater) => {
        const replicas = replicasOf(scraped, identity);
        const times = replicas.flatMap(({ columns }) => [...columns.t.subarray(0, columns.length)]);
        const [first, last] = [Math.min(...times), Math.max(...times)];
        if (times.length === 0) return;
        let now = Math.round(first + (last - first) * share);
        let topology = topologyAt(replicas, now);
        const world = {
          topology: () => topology,
          clock: { now: () => now, monotonic: () => now },
        };
        const keeping = gatewayOver(world, KEEPS, (event) => (keptSteps += event.keptSteps));
        const plain = gatewayOver(world, undefined, () => assert.fail('nothing is kept'));
        const end = now - (now % STEP);
        const range = { start: end - 3 * HOUR, end, step: STEP, limit: 0, text };
        for (const when of ['at first', 'later']) {
          const [actual, expected] = [await ask(keeping, range), await ask(plain, range)];
          assert.equal(actual.text, expected.text, `${text} ${when}`);
          now += minutesLater * MINUTE;
          topology = topologyAt(replicas, now);
        }
      },
    ),
    { seed: 77, numRuns: 200, endOnFailure: true },
  );
  assert.ok(keptSteps > 5000, `only ${keptSteps} steps were kept`);
});
