import { labelsFromRecord, mergeLabels, type Labels } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { encodeChunkedFrames, type ChunkedSeries } from '../../../src/wire/remote-read/streamed.ts';
import { STREAMED_TYPE, startFakePrometheus } from '../fake-prometheus.ts';
import { sendJson, type FakeServer } from '../fake-server.ts';
import { FLEET_END, FLEET_INTERVAL_MS } from './fleet.ts';

/**
 * A fleet of small servers in one process: `fleet-process.ts SHARDS REPLICAS TARGETS`, with so many `up` series in each
 * shard. Every answer is made beforehand. Its URL is those of all servers, with spaces between. Ends with its parent.
 */
const [shards, replicas, targets] = process.argv.slice(2).map(Number) as [number, number, number];
const SAMPLES = 120;

const servers = await Promise.all(
  Array.from({ length: shards * replicas }, (_, i) => startServer(Math.floor(i / replicas), i % replicas)),
);
process.once('disconnect', () => {
  for (const server of servers) void server.close();
});
process.send!({ url: servers.map(({ url }) => url).join(' ') });

async function startServer(shard: number, replica: number): Promise<FakeServer> {
  const external = { __replica__: `replica-${replica}`, shard: `shard-${shard}` };
  const series = Array.from({ length: targets }, (_, target) => seriesOf(shard, replica, target, external));
  const answer = Buffer.concat([...encodeChunkedFrames(series)]);
  return startFakePrometheus(
    {
      '/api/v1/read': (_, response) => {
        response
          .writeHead(200, { 'content-type': STREAMED_TYPE, 'content-length': answer.length })
          .end(answer);
      },
      '/api/v1/query': (_, response) => {
        const value = [FLEET_END / 1000, `${targets}`];
        sendJson(response, {
          status: 'success',
          data: { resultType: 'vector', result: [{ metric: {}, value }] },
        });
      },
      '/api/v1/series': (_, response) =>
        sendJson(response, {
          status: 'success',
          data: Array.from({ length: targets }, (__, target) => recordOf(shard, target)),
        }),
    },
    Object.entries(external)
      .map(([name, value]) => `    ${name}: ${value}`)
      .join('\n'),
  );
}

function recordOf(shard: number, target: number): Record<string, string> {
  return { __name__: 'up', instance: `10.${shard}.${target}.1:9100`, job: 'node' };
}

function seriesOf(
  shard: number,
  replica: number,
  target: number,
  external: Readonly<Record<string, string>>,
): ChunkedSeries {
  const labels: Labels = mergeLabels(labelsFromRecord(recordOf(shard, target)), labelsFromRecord(external));
  const buffer = new SampleBuffer(SAMPLES);
  for (let scrape = SAMPLES; scrape > 0; scrape--)
    buffer.push(FLEET_END - scrape * FLEET_INTERVAL_MS + target * 100 + replica * 4321, 1);
  return { labels, chunks: encodeColumns(buffer) };
}
