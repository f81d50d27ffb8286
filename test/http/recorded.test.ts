import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { evaluate } from '../../src/engine/evaluate.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { labelsFrom, labelValue, pairsOf } from '../../src/model/labels.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { NO_FEATURES } from '../../src/promql/features.ts';
import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';
import { decodeChunkedResponse } from '../../src/wire/remote-read/streamed.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { FLEETS } from '../support/fleets.ts';
import { memoryEndpoint, selectionOf } from '../select/support.ts';
import { readRecorded, recordedAvailable } from '../support/recorded.ts';
import {
  answeredAt,
  NOT_SERVED,
  OTHER_BODIES,
  reasonIn,
  recordedCalls,
  withoutUntoldByGrpc,
} from './recorded-calls.ts';
import { recordedOperations } from './recorded-operations.ts';
import { NOW, serverOver } from './support.ts';
import { SERVER_DEFAULTS } from '../support/open-requests.ts';

/** Remote read adds them; the recorded server's own API does not show them. */
const EXTERNAL_LABELS = new Set(['__replica__', 'cluster', 'shard']);

/** The recorded server had imported this part of the samples. */
const INSTANCE = 'demo.promlabs.com:10000';

/** Holds what the recorded server did. */
function recordedEndpoint(): Endpoint {
  const messages = new FrameSplitter().push(readRecorded('remote-read/everything-streamed.response.bin'));
  const series = messages
    .flatMap((message) => decodeChunkedResponse(message).series)
    .filter(({ labels }) => labelValue(labels, 'instance') === INSTANCE)
    .map(({ labels, chunks }) => ({
      labels: labelsFrom([...pairsOf(labels)].filter(([name]) => !EXTERNAL_LABELS.has(name))),
      data: { kind: 'chunks', chunks } as const,
    }));
  return memoryEndpoint('recorded', {}, series, {}, recordedOperations());
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
    limits: { timeout: 120_000, maxConcurrent: 20 },
    defaults: SERVER_DEFAULTS,
    clock: now,
    timers: SYSTEM_TIMERS,
    nextRequestId: () => 'recorded',
  });
  return serverOver(gateway, { clock: now });
}

if (recordedAvailable()) {
  const clock = { time: NOW };
  const calls = recordedCalls();
  const endpoint = recordedEndpoint();
  for (const [how, fleet] of Object.entries(FLEETS))
    describe(`recorded calls, ${how}`, () => {
      let server: ReturnType<typeof serverOf>;
      let told = (text: string): string => text;
      const stops: (() => Promise<void>)[] = [];

      before(async () => {
        const endpoints = await fleet({ after: (stop) => stops.push(stop) }, [endpoint]);
        if (endpoints[0] !== endpoint) told = withoutUntoldByGrpc;
        server = serverOf(endpoints, clock);
      });
      after(async () => {
        await Promise.all(stops.map(async (stop) => stop()));
      });

      for (const call of calls) {
        const { method, path, status, content_type: contentType, body } = call;
        test(`${method} ${path} is answered as by Prometheus`, async (t) => {
          clock.time = answeredAt(call) ?? NOW;
          const response = await server.inject({ method, url: encodeURI(path).replaceAll('%25', '%') });
          const notServed = reasonIn(NOT_SERVED, call);
          if (notServed !== undefined) {
            t.diagnostic(`not served: ${notServed}`);
            assert.equal(response.statusCode, 404);
            return;
          }
          assert.equal(response.statusCode, status, response.body);
          assert.equal(response.headers['content-type'], contentType);
          const other = reasonIn(OTHER_BODIES, call);
          if (other === undefined) assert.equal(told(response.body), told(body));
          else t.diagnostic(`body not compared: ${other}`);
        });
      }
    });
}
