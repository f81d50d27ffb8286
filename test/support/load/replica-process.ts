import { labelsFromRecord, labelsToRecord, mergeLabels } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { decodeReadRequest } from '../../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames, type ChunkedSeries } from '../../../src/wire/remote-read/streamed.ts';
import { STREAMED_TYPE, startFakePrometheus } from '../fake-prometheus.ts';
import { sendJson } from '../fake-server.ts';
import { JOBS, loadLabels, writeSamples } from './counter-pairs.ts';

/**
 * One replica of the load, as a server of its own: `replica-process.ts REPLICA SERIES`. It answers every remote read
 * with all of its series, those of their chunks that overlap the range. Ends with its parent.
 */
const [replica, seriesCount] = process.argv.slice(2).map(Number) as [number, number];
const external = { __replica__: `replica-${replica}`, cluster: 'load' };

const all = loadSeries();
const answers = new Map<string, Buffer>();

const server = await startFakePrometheus(
  {
    '/api/v1/read': ({ body }, response) => {
      const { minTime, maxTime } = decodeReadRequest(body).queries[0]!;
      response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(answerFor(minTime, maxTime));
    },
    '/api/v1/series': (_, response) => sendJson(response, { status: 'success', data: targets() }),
  },
  Object.entries(external)
    .map(([name, value]) => `    ${name}: ${value}`)
    .join('\n'),
);
process.once('disconnect', () => void server.close());
process.send!({ url: server.url });

function loadSeries(): readonly ChunkedSeries[] {
  const buffer = new SampleBuffer();
  return Array.from({ length: seriesCount }, (_, series) => {
    writeSamples(series, replica, buffer);
    const labels = mergeLabels(loadLabels(series), labelsFromRecord(external));
    return { labels, chunks: encodeColumns(buffer) };
  });
}

/** Encoded once a range, so that the server costs little while the gateway is measured. */
function answerFor(minTime: number, maxTime: number): Buffer {
  const range = `${minTime} ${maxTime}`;
  let answer = answers.get(range);
  if (answer === undefined) {
    const overlapping = all.map(({ labels, chunks }) => ({
      labels,
      chunks: chunks.filter((chunk) => chunk.maxTime >= minTime && chunk.minTime <= maxTime),
    }));
    answer = Buffer.concat([...encodeChunkedFrames(overlapping)]);
    answers.set(range, answer);
  }
  return answer;
}

/** `up` of some targets, the same ones that the sibling scrapes. */
function targets(): readonly Record<string, string>[] {
  return Array.from({ length: JOBS }, (_, job) => {
    const { instance } = labelsToRecord(loadLabels(job));
    return { __name__: 'up', instance: instance!, job: `job-${job}` };
  });
}
