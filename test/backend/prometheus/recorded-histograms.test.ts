import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { test } from 'node:test';

import { commonLayout } from '../../../src/backend/prometheus/json-histogram.ts';
import { scanMatrix } from '../../../src/backend/prometheus/matrix-scanner.ts';
import { rebuildHistograms } from '../../../src/backend/prometheus/rebuild-histograms.ts';
import type { EncodedChunk } from '../../../src/model/chunk.ts';
import type { Buckets, FloatHistogram } from '../../../src/model/histogram/float-histogram.ts';
import { labelsKey } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { decodeChunk } from '../../../src/wire/chunk/decode.ts';
import { storedSeries } from '../../recorded/samples.ts';
import { NO_PAUSE } from '../../support/pace.ts';
import { type Recording, recordings } from '../../support/recorded.ts';

interface Call {
  readonly path: string;
  readonly params: { readonly query: string; readonly time: number };
  readonly response: {
    readonly data: {
      readonly result: readonly { readonly metric: Record<string, string>; readonly histogram: unknown }[];
    };
  };
}

/** Plain selectors of a native histogram, and what Prometheus printed for them. */
function recordedCalls(recording: Recording): readonly Call[] {
  return gunzipSync(recording.read('promql-corpus-histograms.jsonl.gz'))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Call)
    .filter(
      ({ path, params }) =>
        path === 'query' && /^(?:demo_native_latency_seconds|latency_native)(\{[^}]*\})?$/.test(params.query),
    );
}

function newestAt(chunks: readonly EncodedChunk[], t: number): FloatHistogram {
  const buffer = new SampleBuffer();
  for (const chunk of chunks) decodeChunk(chunk, buffer, t - 300_000, t);
  return buffer.h!.at(buffer.length - 1)!;
}

/** What can be seen of a histogram in print: no empty buckets, no reset hint, a zero bucket where it has counts. */
function visible(h: FloatHistogram): object {
  return {
    schema: h.schema,
    count: h.count,
    sum: h.sum,
    zero: h.zeroCount === 0 ? 0 : [h.zeroThreshold, h.zeroCount],
    positive: populated(h.positive),
    negative: populated(h.negative),
  };
}

function populated({ index, count }: Buckets): readonly (readonly [number, number])[] {
  return Array.from(index, (at, i) => [at, count[i]!] as const).filter(([, n]) => n !== 0);
}

for (const recording of recordings('native histograms of Prometheus 3.14 over the query API'))
  test(`histograms rebuilt from what ${recording.name} printed are those that it stores`, async () => {
    const stored = new Map(storedSeries(recording).map(({ labels, chunks }) => [labelsKey(labels), chunks]));
    let compared = 0;
    for (const { params, response } of recordedCalls(recording)) {
      const result = response.data.result.map(({ metric, histogram }) => ({
        metric,
        histograms: [histogram],
      }));
      const body = { status: 'success', data: { resultType: 'matrix', result } };
      const { series } = await scanMatrix(Buffer.from(JSON.stringify(body)), NO_PAUSE);
      const layout = commonLayout(series.flatMap(({ histograms }) => histograms));
      for (const { metric, histograms } of series) {
        const chunks = stored.get(labelsKey(metric));
        assert.ok(chunks, `${metric.join(' ')} is not in the recorded storage`);
        const [rebuilt] = rebuildHistograms(histograms, layout);
        assert.deepEqual(visible(rebuilt!), visible(newestAt(chunks, params.time * 1000)));
        compared++;
      }
    }
    assert.ok(compared >= 50, `only ${compared} histograms were compared`);
  });
