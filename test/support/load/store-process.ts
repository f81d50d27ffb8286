import { labelsFromRecord, mergeLabels } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { sendFrames } from '../../../src/grpc/send-frames.ts';
import { writeAhead } from '../../../src/grpc/write-ahead.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { encodeChunkedFrames } from '../../../src/wire/remote-read/streamed.ts';
import { encodeSeriesResponse, type StoreSeries } from '../../../src/wire/store-api/series-response.ts';
import { STREAMED_TYPE, startFakePrometheus } from '../fake-prometheus.ts';
import { startFakeStore } from '../fake-store.ts';
import { startFramedStore } from './framed-store.ts';
import { loadLabels, writeSamples } from './counter-pairs.ts';

/**
 * The same series as a Prometheus and as two stores, all encoded beforehand: `store-process.ts SERIES BATCH`, where BATCH
 * is how many series a message of the stores holds. Its URL is that of the Prometheus, the address of a store that only
 * hands over bytes, and that of one that sends each message as our own server does, with spaces between. Ends with its
 * parent.
 */
const [seriesCount, batchSize] = process.argv.slice(2).map(Number) as [number, number];
const external = labelsFromRecord({ cluster: 'load' });
const NEVER = new AbortController().signal;

const all = loadSeries();
const streamed = Buffer.concat([
  ...encodeChunkedFrames(
    all.map(({ labels, chunks }) => ({ labels, chunks: chunks.map(({ raw }) => raw!) })),
  ),
]);
const messages = Array.from({ length: Math.ceil(all.length / batchSize) }, (_, i) =>
  encodeSeriesResponse({ kind: 'series', series: all.slice(i * batchSize, (i + 1) * batchSize) }),
);

const prometheus = await startFakePrometheus(
  {
    '/api/v1/read': (_, response) => {
      response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(streamed);
    },
  },
  '    cluster: load',
);
const framed = await startFramedStore(messages);
const own = await startFakeStore(
  {
    series: async (call) => {
      await sendFrames(call, frames(), { signal: NEVER });
      call.end();
    },
  },
  undefined,
  { interceptors: [writeAhead] },
);
process.once('disconnect', () => {
  own.close();
  void framed.close();
  void prometheus.close();
});
process.send!({ url: `${prometheus.url} ${framed.target} ${own.target}` });

async function* frames(): AsyncGenerator<Uint8Array> {
  yield* messages;
}

function loadSeries(): readonly StoreSeries[] {
  const buffer = new SampleBuffer();
  return Array.from({ length: seriesCount }, (_, series) => {
    writeSamples(series, 0, buffer);
    const chunks = encodeColumns(buffer).map((raw) => ({
      minTime: raw.minTime,
      maxTime: raw.maxTime,
      raw,
      aggregates: undefined,
    }));
    return { labels: mergeLabels(loadLabels(series), external), chunks };
  });
}
