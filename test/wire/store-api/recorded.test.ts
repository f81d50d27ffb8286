import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelValue, labelsKey, labelsToRecord, withoutLabels } from '../../../src/model/labels.ts';
import { formatInstant } from '../../../src/model/instant.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { isStale } from '../../../src/model/stale.ts';
import { decodeChunk } from '../../../src/wire/chunk/decode.ts';
import { decodeInfoResponse } from '../../../src/wire/store-api/info.ts';
import * as labelCalls from '../../../src/wire/store-api/label-calls.ts';
import { decodeMetricMetadataResponse } from '../../../src/wire/store-api/metric-metadata.ts';
import {
  decodeQueryRangeRequest,
  decodeQueryRequest,
  encodeQueryRangeRequest,
  encodeQueryRequest,
} from '../../../src/wire/store-api/query-request.ts';
import { decodeQueryResponse, encodeQueryResponse } from '../../../src/wire/store-api/query-response.ts';
import { decodeRulesResponse } from '../../../src/wire/store-api/rules.ts';
import { decodeSeriesRequest, encodeSeriesRequest } from '../../../src/wire/store-api/series-request.ts';
import { encodeSeriesResponse } from '../../../src/wire/store-api/series-response.ts';
import { decodeTargetsResponse } from '../../../src/wire/store-api/targets.ts';
import { recordedAvailable, SHARED_RECORDING } from '../../support/recorded.ts';
import { sampleWords } from '../../support/sample-words.ts';
import {
  decodeChunkedResponse,
  decodeSeriesResponse,
  type DecodedSeries,
} from '../../support/decode-messages.ts';
import { splitFrames } from '../../support/split-frames.ts';

interface Call {
  readonly peer: string;
  readonly what: string;
  readonly method: string;
  readonly request: Buffer;
  readonly frames: readonly Buffer[];
}

const REPLICA_LABELS: ReadonlySet<string> = new Set(['__replica__']);

/** The end of the recorded data, as in the folder's notes. */
const END = Date.parse('2026-11-22T12:00:00Z');

describe(
  'what a real Thanos 0.42 answered',
  { skip: !recordedAvailable('messages of the Store API of Thanos 0.42') },
  () => {
    it('has Series requests that decode to what was asked, and encode to the same bytes', () => {
      for (const call of callsOf('/thanos.Store/Series')) {
        const request = decodeSeriesRequest(call.request);
        assert.deepEqual([request.minTime, request.maxTime], [END - 30 * 60_000, END], call.what);
        assert.deepEqual(
          Buffer.from(encodeSeriesRequest(request)).toString('hex'),
          call.request.toString('hex'),
        );
      }
      const asked = (what: string) => decodeSeriesRequest(callOf(what).request);
      assert.equal(asked('partial_response_strategy=ABORT').partialResponseStrategy, 1);
      assert.equal(asked('response_batch_size=64').responseBatchSize, 64);
      assert.equal(asked('skip_chunks').skipChunks, true);
      assert.deepEqual(asked('Series: without_replica_labels').withoutReplicaLabels, ['__replica__']);
      assert.equal(asked('limit=2').limit, 2);
      assert.deepEqual(asked('native histograms').matchers[1], {
        kind: '=~',
        name: 'path',
        value: '/api/(foo|bar)',
      });
    });

    it('has the same series one by one and in a batch', () => {
      const single = seriesOf(callOf('strategy=ABORT'));
      const batch = seriesOf(callOf('response_batch_size=64'));
      assert.equal(callOf('response_batch_size=64').frames.length, 1);
      assert.equal(single.length, 4);
      assert.deepEqual(batch.map(words), single.map(words));
    });

    it('has the samples that the Prometheus behind it has', () => {
      const known = prometheusSamples();
      for (const what of ['strategy=ABORT', 'native histograms', 'stale markers'])
        for (const series of seriesOf(callOf(what))) {
          const all = known.get(labelsKey(withoutLabels(series.labels, REPLICA_LABELS)));
          assert.ok(all !== undefined, `${labelsKey(series.labels)} is known`);
          const columns = decodeAll(series);
          assert.deepEqual(rows(columns), rows(within(all, columns)));
        }
    });

    it('keeps stale markers', () => {
      const columns = decodeAll(seriesOf(callOf('stale markers'))[0]!);
      assert.ok(columns.v.subarray(0, columns.length).some(isStale));
    });

    it('has no chunks where they were skipped, and no replica labels where those were taken away', () => {
      assert.deepEqual(
        seriesOf(callOf('skip_chunks')).map(({ chunks }) => chunks.length),
        [0, 0, 0, 0],
      );
      const without = [
        ...seriesOf(callOf('Series: without_replica_labels')),
        ...seriesOf(callOf('through a querier')),
      ];
      assert.equal(without.length, 8);
      assert.ok(without.every(({ labels }) => labelValue(labels, '__replica__') === ''));
      assert.ok(seriesOf(callOf('limit=2')).every(({ labels }) => labelValue(labels, '__replica__') === 'a'));
    });

    it('has frames that encode to the same bytes', () => {
      for (const call of callsOf('/thanos.Store/Series'))
        for (const frame of call.frames) {
          const response = decodeSeriesResponse(frame);
          assert.ok(response.kind !== 'unknown');
          const again = decodeSeriesResponse(encodeSeriesResponse(response));
          assert.ok(response.kind === 'series' && again.kind === 'series');
          // The hashes of the chunks, which Thanos did not compute here, are what may be lost.
          assert.deepEqual(again.series.map(words), response.series.map(words));
        }
    });

    it('tells who a sidecar and a querier are', () => {
      const [sidecar, querier] = callsOf('/thanos.info.Info/Info').map(({ frames }) =>
        decodeInfoResponse(frames[0]!),
      );
      const labels = { __replica__: 'a', cluster: 'prod', shard: '0' };
      assert.deepEqual(sidecar!.labelSets.map(labelsToRecord), [labels]);
      assert.equal(sidecar!.componentType, 'sidecar');
      assert.deepEqual(
        [sidecar!.store?.minTime, sidecar!.store?.maxTime, sidecar!.store?.supportsSharding],
        [END - 2 * 3_600_000, 2 ** 63, true],
      );
      assert.deepEqual(
        sidecar!.store?.tsdbInfos.map((info) => labelsToRecord(info.labels)),
        [labels],
      );
      assert.deepEqual(
        [sidecar!.rules, sidecar!.targets, sidecar!.query, sidecar!.status],
        [true, true, false, true],
      );
      assert.deepEqual(querier!.labelSets.map(labelsToRecord), [labels]);
      assert.deepEqual([querier!.componentType, querier!.query], ['query', true]);
    });

    it('lists label names and values', () => {
      const [all, some] = callsOf('/thanos.Store/LabelNames').map(({ frames }) =>
        labelCalls.decodeLabelNamesResponse(frames[0]!),
      );
      assert.ok(all!.names.includes('__replica__') && !some!.names.includes('__replica__'));
      assert.deepEqual([all!.warnings, all!.hints], [[], undefined]);
      const [names, shards] = callsOf('/thanos.Store/LabelValues').map(({ frames }) =>
        labelCalls.decodeLabelValuesResponse(frames[0]!),
      );
      assert.ok(names!.values.includes('demo_memory_usage_bytes'));
      assert.deepEqual(shards!.values, ['0']);
      const asked = labelCalls.decodeLabelNamesRequest(callOf('LabelNames: matcher').request);
      assert.deepEqual([asked.withoutReplicaLabels, asked.matchers.length], [['__replica__'], 1]);
    });

    it('lists rules, targets and metadata', () => {
      const { group } = decodeRulesResponse(callOf('Rules').frames[0]!);
      assert.equal(group?.name, 'demo');
      const [recording, alerting] = group.rules;
      assert.equal(recording?.recording?.name, 'instance:demo_cpu:rate1m');
      assert.equal(labelValue(recording.recording.labels, 'team'), 'core');
      assert.deepEqual([alerting?.alert?.name, alerting?.alert?.state], ['AlwaysFiring', 3]);
      assert.match(formatInstant(group.lastEvaluation), /^2026-11-2/);
      const { targets } = decodeTargetsResponse(callOf('Targets').frames[0]!);
      assert.ok(targets!.activeTargets.length > 0);
      assert.ok(targets!.activeTargets.every(({ labels }) => labelValue(labels, 'cluster') === 'prod'));
      const { metadata } = decodeMetricMetadataResponse(callOf('MetricMetadata').frames[0]!);
      assert.equal(metadata?.metadata.size, 0);
    });

    it('answers queries, whose frames encode to the same bytes', () => {
      for (const call of [...callsOf('/thanos.Query/Query'), ...callsOf('/thanos.Query/QueryRange')])
        for (const frame of call.frames) {
          const response = decodeQueryResponse(frame);
          assert.ok(response.kind !== 'unknown', call.what);
          const again = decodeQueryResponse(encodeQueryResponse(response));
          assert.deepEqual(again, response);
        }
      const series = callOf('QueryRange')
        .frames.map((frame) => decodeQueryResponse(frame))
        .flatMap((response) => (response.kind === 'series' ? response.series : []));
      assert.equal(series.length, 3);
      const histograms = callOf('Query: native histogram').frames.map((frame) => decodeQueryResponse(frame));
      const [histogram] = histograms;
      assert.ok(histogram?.kind === 'series' && histogram.series[0]?.columns.h?.at(0) !== undefined);
    });

    it('has query requests that encode to the same bytes', () => {
      for (const { request } of callsOf('/thanos.Query/Query'))
        assert.deepEqual(Buffer.from(encodeQueryRequest(decodeQueryRequest(request))), request);
      for (const { request } of callsOf('/thanos.Query/QueryRange'))
        assert.deepEqual(Buffer.from(encodeQueryRangeRequest(decodeQueryRangeRequest(request))), request);
    });
  },
);

function calls(): readonly Call[] {
  interface Line extends Pick<Call, 'peer' | 'what' | 'method'> {
    readonly request_base64: string;
    readonly frames_base64: readonly string[];
  }
  const text = SHARED_RECORDING.read('grpc-thanos-0.42.jsonl').toString();
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { peer, what, method, request_base64, frames_base64 } = JSON.parse(line) as Line;
      const frames = frames_base64.map((frame) => Buffer.from(frame, 'base64'));
      return { peer, what, method, request: Buffer.from(request_base64, 'base64'), frames };
    });
}

function callsOf(method: string): readonly Call[] {
  return calls().filter((call) => call.method === method);
}

function callOf(what: string): Call {
  const found =
    calls().find((call) => call.what === what) ?? calls().find((call) => call.what.includes(what));
  assert.ok(found !== undefined, what);
  return found;
}

function seriesOf({ frames }: Call): readonly DecodedSeries[] {
  return frames.flatMap((frame) => {
    const response = decodeSeriesResponse(frame);
    return response.kind === 'series' ? response.series : [];
  });
}

function decodeAll({ chunks }: DecodedSeries): SampleBuffer {
  const buffer = new SampleBuffer();
  for (const { raw } of chunks) decodeChunk(raw!, buffer, -Infinity, Infinity);
  return buffer;
}

function words(series: DecodedSeries): unknown {
  return [labelsKey(series.labels), sampleWords(decodeAll(series), { starts: false })];
}

/** All samples that a Prometheus with the same data has, under the labels without replica. */
function prometheusSamples(): ReadonlyMap<string, SampleBuffer> {
  const frames = splitFrames(SHARED_RECORDING.read('remote-read/everything-streamed.response.bin'));
  return new Map(
    frames
      .flatMap((frame) => decodeChunkedResponse(frame).series)
      .map(({ labels, chunks }) => {
        const buffer = new SampleBuffer();
        for (const chunk of chunks) decodeChunk(chunk, buffer, -Infinity, Infinity);
        return [labelsKey(labels), buffer] as const;
      }),
  );
}

/** Without the hints on resets, which depend on where a chunk begins. */
function rows({ length, t, v, h }: SampleBuffer): unknown {
  return Array.from({ length }, (_, i) => [
    t[i],
    v[i],
    h?.at(i)?.count,
    h?.at(i)?.positive,
    h?.at(i)?.negative,
  ]);
}

/** The replica behind the sidecar missed some scrapes. */
function within(all: SampleBuffer, { t, length }: SampleBuffer): SampleBuffer {
  const times = new Set(t.subarray(0, length));
  const cut = new SampleBuffer();
  for (let i = 0; i < all.length; i++) {
    if (!times.has(all.t[i]!)) continue;
    const histogram = all.h?.at(i);
    if (histogram === undefined) cut.push(all.t[i]!, all.v[i]!);
    else cut.pushHistogram(all.t[i]!, histogram);
  }
  return cut;
}
