import { labelsFromRecord, mergeLabels } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { encodeChunkedFrames } from '../../../src/wire/remote-read/streamed.ts';
import { encodeSeriesResponse, type StoreSeries } from '../../../src/wire/store-api/series-response.ts';
import { STREAMED_TYPE, startFakePrometheus } from '../fake-prometheus.ts';
import { infoAnswer, roomToWrite, startFakeStore } from '../fake-store.ts';
import { loadLabels, writeSamples } from './counter-pairs.ts';

/**
 * The same series as a Prometheus and as a store, both encoded beforehand: `store-process.ts SERIES BATCH`, where BATCH
 * is how many series a message of the store holds. Its URL is that of the Prometheus, a space, and the store's address.
 * Ends with its parent.
 */
const [seriesCount, batchSize] = process.argv.slice(2).map(Number) as [number, number];
const external = labelsFromRecord({ cluster: 'load' });

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
const store = await startFakeStore({
  info: () => infoAnswer([external]),
  series: async (call) => {
    for (const message of messages) if (!call.write(message)) await roomToWrite(call);
    call.end();
  },
});
process.once('disconnect', () => {
  store.close();
  void prometheus.close();
});
process.send!({ url: `${prometheus.url} ${store.target}` });

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
