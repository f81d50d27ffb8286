import type { Endpoint } from '../../src/cluster/topology.ts';
import { ResetHint, type FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { SampleBuffer, copyColumns } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { memoryEndpoint } from '../select/support.ts';

/** A counter that resets, a gauge that goes stale, and a native histogram, with holes at other places per replica. */
function replicaSeries(replica: number): readonly RawSeries[] {
  const there = (i: number): boolean =>
    i % 50 !== replica * 7 && !(i > 40 + 90 * replica && i < 60 + 90 * replica);
  const series = (name: string, sample: (buffer: SampleBuffer, t: number, i: number) => void): RawSeries => {
    const buffer = new SampleBuffer();
    for (let i = 0; i < 240; i++) if (there(i)) sample(buffer, i * 15_000 + replica * 3_217, i);
    const labels = labelsFromRecord({ __name__: name, job: 'j' });
    const columns = copyColumns(buffer);
    // One replica's floats come as columns. Chunks say more of resets than histograms that were never encoded.
    return replica === 0 || columns.h !== undefined
      ? { labels, data: { kind: 'chunks', chunks: encodeColumns(columns) } }
      : { labels, data: { kind: 'columns', columns } };
  };
  return [
    series('requests_total', (buffer, t, i) => buffer.push(t, (i % 100) * 3)),
    series('temperature', (buffer, t, i) => buffer.push(t, i > 200 ? STALE_NAN : Math.sin(i))),
    series('latency', (buffer, t, i) => buffer.pushHistogram(t, histogram(i))),
  ];
}

function histogram(i: number): FloatHistogram {
  const empty = { index: new Int32Array(0), count: new Float64Array(0) };
  return {
    schema: 0,
    resetHint: ResetHint.unknown,
    count: 3 * i,
    sum: 7 * i,
    zeroThreshold: 0.001,
    zeroCount: 0,
    positive: { index: Int32Array.of(0, 1), count: Float64Array.of(i, 2 * i) },
    negative: empty,
    customValues: new Float64Array(0),
  };
}

/** Two replicas of a shard. */
export function pair(shard: string): readonly Endpoint[] {
  return [0, 1].map((replica) =>
    memoryEndpoint(`${shard}-${replica}`, { shard, __replica__: `${replica}` }, replicaSeries(replica)),
  );
}
