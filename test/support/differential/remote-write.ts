import protobuf from 'protobufjs/minimal.js';
import { isStale } from '../../../src/model/stale.ts';
import { WireType, tag } from '../../../src/wire/protobuf/proto-reader.ts';
import { writeLabels } from '../../../src/wire/protobuf/label-message.ts';
import { writeHistogram } from '../../../src/wire/remote-read/write-histogram.ts';
import { compressSnappy } from '../../../src/wire/snappy.ts';
import type { SampleSeries } from './sample-series.ts';

/** Fields of prompb `WriteRequest`, `TimeSeries` and `Sample`. */
const TIMESERIES = 1;
const SeriesField = { labels: 1, samples: 2, histograms: 4 } as const;
const SampleField = { value: 1, timestamp: 2 } as const;

const STALE_BITS = { low: 2, high: 0x7ff00000, unsigned: true };

/**
 * Writes series into a Prometheus that runs with `--web.enable-remote-write-receiver`, or into another server that takes them under
 * `path`. Stale markers arrive as such.
 */
export async function remoteWrite(
  url: string,
  series: readonly SampleSeries[],
  path = '/api/v1/write',
): Promise<void> {
  // The server takes the floats of a request before its histograms and refuses what is older than what it has, so that
  // a series which changes between them comes in several requests.
  const runs = series.map((each) => [...runsOf(each)]);
  const most = runs.reduce((longest, { length }) => Math.max(longest, length), 0);
  for (let i = 0; i < most; i++) {
    await send(
      url + path,
      runs.flatMap((of) => of.slice(i, i + 1)),
    );
  }
}

/** Cuts a series where it changes between floats and histograms. */
function* runsOf({ labels, columns }: SampleSeries): Generator<SampleSeries> {
  const { length, t, v, h } = columns;
  for (let from = 0, to = 0; from < length; from = to) {
    while (to < length && (h?.at(to) === undefined) === (h?.at(from) === undefined)) to++;
    const run = { length: to - from, t: t.subarray(from, to), v: v.subarray(from, to), st: undefined };
    yield { labels, columns: { ...run, h: h?.slice(from, to) } };
  }
}

async function send(url: string, series: readonly SampleSeries[]): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-encoding': 'snappy',
      'content-type': 'application/x-protobuf',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: compressSnappy(encode(series)) as Uint8Array<ArrayBuffer>,
  });
  if (!response.ok) throw new Error(`remote write to ${url}: ${response.status} ${await response.text()}`);
}

function encode(series: readonly SampleSeries[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const { labels, columns } of series) {
    writer.uint32(tag(TIMESERIES, WireType.delimited)).fork();
    writeLabels(writer, SeriesField.labels, labels);
    for (let i = 0; i < columns.length; i++) {
      if (columns.h?.at(i) === undefined) writeSample(writer, columns.t[i]!, columns.v, i);
    }
    columns.h?.toArray().forEach((h, i) => {
      if (h !== undefined) writeHistogram(writer, SeriesField.histograms, columns.t[i]!, h);
    });
    writer.ldelim();
  }
  return writer.finish();
}

function writeSample(writer: protobuf.Writer, time: number, values: Float64Array, i: number): void {
  writer.uint32(tag(SeriesField.samples, WireType.delimited)).fork();
  writer.uint32(tag(SampleField.value, WireType.fixed64));
  // The bits of a stale marker say what it is; a number would lose them on its way through a writer.
  if (isStale(values[i]!)) writer.fixed64(STALE_BITS);
  else writer.double(values[i]!);
  writer.uint32(tag(SampleField.timestamp, WireType.varint)).int64(time);
  writer.ldelim();
}
