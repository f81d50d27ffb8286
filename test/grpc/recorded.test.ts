import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { labelValue } from '../../src/model/labels.ts';
import { decodeInfoResponse } from '../../src/wire/store-api/info.ts';
import { decodeLabelNamesResponse, decodeLabelValuesResponse } from '../../src/wire/store-api/label-calls.ts';
import { decodeMetricMetadataResponse } from '../../src/wire/store-api/metric-metadata.ts';
import { decodeQueryResponse } from '../../src/wire/store-api/query-response.ts';
import { decodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';
import { memoryEndpoint } from '../select/support.ts';
import { recordedAvailable, SHARED_RECORDING } from '../support/recorded.ts';
import { callStream, callUnary, gatewayOver, startGrpc, type RunningGrpc } from './support.ts';
import { decodeChunkedResponse, decodeSeriesResponse } from '../support/decode-messages.ts';
import { splitFrames } from '../support/split-frames.ts';

interface Call {
  readonly what: string;
  readonly method: string;
  readonly streaming: boolean;
  readonly request_base64: string;
  readonly status: { readonly code: number };
  readonly frames_base64: readonly string[];
}

const SKIP = { skip: !recordedAvailable('gRPC calls as Thanos 0.42 answered them') };

/** The server behind the sidecar scraped this one alone. */
const INSTANCE = 'demo.promlabs.com:10000';

/** What messages of an answer say, as far as it does not depend on which scrapes a replica missed. */
const SHAPES: Readonly<Record<string, (message: Uint8Array) => unknown>> = {
  '/thanos.Store/Series': (message) => {
    const response = decodeSeriesResponse(message);
    if (response.kind !== 'series') return response;
    return response.series.map(({ labels, chunks }) => [labels, [...chunks].length > 0]);
  },
  '/thanos.Store/LabelNames': decodeLabelNamesResponse,
  '/thanos.Store/LabelValues': decodeLabelValuesResponse,
  '/thanos.Query/Query': queryShape,
  '/thanos.Query/QueryRange': queryShape,
  '/thanos.Metadata/MetricMetadata': decodeMetricMetadataResponse,
  '/thanos.Exemplars/Exemplars': () => 'exemplars',
  '/thanos.info.Info/Info': (message) => {
    const { labelSets, store, componentType: _, ...rest } = decodeInfoResponse(message);
    const { supportsSharding: _sharding, tsdbInfos, ...served } = store!;
    // A Prometheus is asked when its data begins; an endpoint in memory has no such answer here.
    const known = { ...served, minTime: 0, maxTime: 0, tsdbInfos: tsdbInfos.map(({ labels }) => labels) };
    const { exemplars, query: _query, status: _status, ...others } = rest;
    return { labelSets, known, ...others, exemplars: exemplars !== undefined };
  },
};

/** The first point of a series; which others follow depends on the scrapes. */
function queryShape(message: Uint8Array): unknown {
  const response = decodeQueryResponse(message);
  if (response.kind !== 'series') return response.kind;
  return response.series.map(({ labels, columns }) => [labels, columns.t[0], columns.h !== undefined]);
}

function recordedCalls(): readonly Call[] {
  const lines = SHARED_RECORDING.read('grpc-thanos-0.42.jsonl').toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Call);
}

/** A gateway over a replica with the data of the recording, and the labels of the sidecar there. */
function startRecorded(): Promise<RunningGrpc> {
  const frames = splitFrames(SHARED_RECORDING.read('remote-read/everything-streamed.response.bin'));
  const series = frames
    .flatMap((frame) => decodeChunkedResponse(frame).series)
    .filter(({ labels }) => labelValue(labels, 'instance') === INSTANCE)
    .map(({ labels, chunks }): RawSeries => ({ labels, data: { kind: 'chunks', chunks } }));
  const labels = { cluster: 'prod', shard: '0', __replica__: 'a' };
  return startGrpc(gatewayOver([memoryEndpoint('recorded', labels, series)]));
}

describe('requests that were sent to a real Thanos 0.42 get answers of the same shape', SKIP, () => {
  for (const call of SKIP.skip ? [] : recordedCalls()) {
    const shape = SHAPES[call.method];
    // What a replica in memory does not tell is compared elsewhere.
    if (shape === undefined) continue;
    it(call.what, async (t) => {
      const { client, close } = await startRecorded();
      t.after(close);
      const request = Buffer.from(call.request_base64, 'base64');
      const { messages, code } = await (call.streaming ? callStream : callUnary)(
        client,
        call.method,
        request,
      );
      assert.equal(code, call.what === 'Query: parse error' ? status.INVALID_ARGUMENT : call.status.code);
      const recorded = call.frames_base64.map((frame) => shape(Buffer.from(frame, 'base64')));
      const limit = call.method.endsWith('Series') ? decodeSeriesRequest(request).limit : 0;
      // A sidecar leaves limits to the querier above.
      assert.deepEqual(messages.map(shape), limit > 0 ? recorded.slice(0, limit) : recorded);
    });
  }
});
