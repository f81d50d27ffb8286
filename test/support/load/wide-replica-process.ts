import { labelsFromRecord, labelsToRecord, labelValue, mergeLabels } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { encodeChunkedFrames, type ChunkedSeries } from '../../../src/wire/remote-read/streamed.ts';
import { STREAMED_TYPE, startFakePrometheus } from '../fake-prometheus.ts';
import type { FakeHandler } from '../fake-server.ts';
import { WIDE_END, WIDE_INTERVAL_MS, WIDE_SAMPLES, wideLabels } from './wide.ts';

/**
 * One replica of the wide load, as a server of its own: `wide-replica-process.ts REPLICA SERIES [END]`, with the time of the newest
 * samples in ms since the epoch. All of its answers are made beforehand and hold all of its series, whatever is asked, but for the series `up` of its targets. Ends with its
 * parent.
 */
const [replica, seriesCount, end = WIDE_END] = process.argv.slice(2).map(Number) as [number, number, number?];
const external = { __replica__: `replica-${replica}`, cluster: 'wide' };

const all = Array.from({ length: seriesCount }, (_, series) => wideLabels(series));
const streamed = Buffer.concat([
  ...encodeChunkedFrames(all.map((labels, series) => chunked(labels, series))),
]);
const series = jsonOf(all.map(labelsToRecord));
const values = jsonOf(all.map((labels) => labelValue(labels, 'pod')));
const names = jsonOf(['__name__', 'instance', 'job', 'pod']);
const targets = jsonOf(
  Array.from({ length: 10 }, (_, i) => ({ __name__: 'up', instance: `10.0.${i}.1:9100`, job: `job-${i}` })),
);

const server = await startFakePrometheus(
  {
    '/api/v1/read': (_, response) => {
      response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(streamed);
    },
    '/api/v1/series': (request, response) => {
      const isOfTargets = request.parameters.get('match[]')?.includes('up') === true;
      return ready(isOfTargets ? targets : series)(request, response);
    },
    '/api/v1/labels': ready(names),
    '/api/v1/label/pod/values': ready(values),
  },
  Object.entries(external)
    .map(([name, value]) => `    ${name}: ${value}`)
    .join('\n'),
);
process.once('disconnect', () => void server.close());
process.send!({ url: server.url });

function chunked(labels: ReturnType<typeof wideLabels>, number: number): ChunkedSeries {
  const buffer = new SampleBuffer(WIDE_SAMPLES);
  for (let scrape = 1; scrape <= WIDE_SAMPLES; scrape++)
    buffer.push(end - (WIDE_SAMPLES - scrape) * WIDE_INTERVAL_MS - replica * 4321, number + scrape);
  return { labels: mergeLabels(labels, labelsFromRecord(external)), chunks: encodeColumns(buffer) };
}

function jsonOf(data: unknown): Buffer {
  return Buffer.from(JSON.stringify({ status: 'success', data }));
}

function ready(body: Buffer): FakeHandler {
  return (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}
