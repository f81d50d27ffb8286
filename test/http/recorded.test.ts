import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { evaluate } from '../../src/engine/evaluate.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { labelValue, withoutLabels } from '../../src/model/labels.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { NO_FEATURES } from '../../src/promql/features.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { FLEETS } from '../support/fleets.ts';
import { memoryEndpoint, selectionOf } from '../select/support.ts';
import { EXTERNAL_LABELS, storedSeries } from '../recorded/samples.ts';
import { urlPathOf } from '../recordings/http-calls.ts';
import { OWN_RECORDING, type Recording, recordings } from '../support/recorded.ts';
import { asBy314, CHANGES } from './as-by-314.ts';
import {
  answeredAt,
  NOT_SERVED,
  otherBodies,
  reasonIn,
  recordedCalls,
  SERVED_HERE_ALONE,
  UNTOLD_BY_GRPC,
  withoutUntoldByGrpc,
} from './recorded-calls.ts';
import { documentOf, OpenapiCheck } from './openapi-check.ts';
import { recordedOperations } from './recorded-operations.ts';
import { NOW, serverOver } from './support.ts';
import { SERVER_DEFAULTS } from '../support/open-requests.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { ROOMY } from '../support/limits.ts';

/** The server of the newer recording had imported this part of the samples. */
const INSTANCE = 'demo.promlabs.com:10000';

/** Holds what the recorded server did. */
function recordedEndpoint(recording: Recording): Endpoint {
  const series = storedSeries(recording)
    .filter(({ labels }) => recording === OWN_RECORDING || labelValue(labels, 'instance') === INSTANCE)
    .map(({ labels, chunks }) => ({
      labels: withoutLabels(labels, EXTERNAL_LABELS),
      data: { kind: 'chunks', chunks } as const,
    }));
  return memoryEndpoint('recorded', {}, series, {}, recordedOperations(recording));
}

/** A server over endpoints whose clock stands where the test sets it. */
function serverOf(endpoints: readonly Endpoint[], clock: { time: number }): FastifyInstance {
  const now = { now: () => clock.time, monotonic: () => performance.now() };
  const engine = {
    lookbackDelta: 300_000,
    maxSamples: 50_000_000,
    noStepSubqueryInterval: 60_000,
    features: NO_FEATURES,
    clock: now,
    perStepStats: false,
  };
  const gateway = createGateway({
    selection: selectionOf(...endpoints),
    features: NO_FEATURES,
    evaluate: (query, source, signal) => evaluate(query, source, engine, signal),
    planning: engine,
    limits: ROOMY,
    ceiling: new MemoryCeiling(0),
    defaults: SERVER_DEFAULTS,
    clock: now,
    timers: SYSTEM_TIMERS,
  });
  return serverOver(gateway, { clock: now });
}

test('each change since 2.42 is one that the recording shows', () => {
  const unseen = CHANGES.filter(({ path, change }) =>
    recordedCalls(OWN_RECORDING).every(
      (call) => !path.test(call.path) || change(call.body, call.path) === call.body,
    ),
  );
  assert.deepEqual(unseen, []);
});

for (const recording of recordings('HTTP calls as Prometheus 3.14 answered them')) {
  const clock = { time: NOW };
  const calls = recordedCalls(recording);
  const endpoint = recordedEndpoint(recording);
  for (const [how, fleet] of Object.entries(FLEETS))
    describe(`calls that ${recording.name} answered, ${how}`, () => {
      let server: ReturnType<typeof serverOf>;
      let check: OpenapiCheck;
      let isOverGrpc = false;
      const stops: (() => Promise<void>)[] = [];

      before(async () => {
        const endpoints = await fleet({ after: (stop) => stops.push(stop) }, [endpoint]);
        isOverGrpc = endpoints[0] !== endpoint;
        server = serverOf(endpoints, clock);
        check = new OpenapiCheck(await documentOf(server));
      });
      after(async () => {
        await Promise.all(stops.map(async (stop) => stop()));
      });

      for (const call of calls) {
        const { method, path } = call;
        test(`${method} ${path} is answered as by Prometheus`, async (t) => {
          clock.time = answeredAt(call) ?? NOW;
          const response = await server.inject({ method, url: urlPathOf(path) });
          const isDescribed = check.holds(method, urlPathOf(path), response);
          // What no route serves is answered with one of these.
          assert.equal(isDescribed, ![404, 405].includes(response.statusCode));
          const notServed = reasonIn(NOT_SERVED, call);
          if (notServed !== undefined) {
            t.diagnostic(`not served: ${notServed}`);
            assert.equal(response.statusCode, method === 'POST' ? 403 : 404);
            return;
          }
          if (reasonIn(SERVED_HERE_ALONE, call) !== undefined) {
            assert.equal(response.statusCode, 200);
            return;
          }
          const {
            status,
            content_type: contentType,
            body,
          } = recording === OWN_RECORDING ? asBy314(call) : call;
          assert.equal(response.statusCode, status, response.body);
          assert.equal(response.headers['content-type'], contentType);
          const other = reasonIn([...otherBodies(recording), ...(isOverGrpc ? UNTOLD_BY_GRPC : [])], call);
          const told = isOverGrpc ? withoutUntoldByGrpc : (text: string): string => text;
          if (other === undefined) assert.equal(told(response.body), told(body));
          else t.diagnostic(`body not compared: ${other}`);
        });
      }
    });
}
