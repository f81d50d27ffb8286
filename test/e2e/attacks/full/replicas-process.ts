import { setPriority } from 'node:os';
import { labelsFromRecord, mergeLabels, METRIC_NAME, type Labels } from '../../../../src/model/labels.ts';
import { SampleBuffer } from '../../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../../src/wire/chunk/encode.ts';
import { decodeReadRequest } from '../../../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames } from '../../../../src/wire/remote-read/streamed.ts';
import { startFakePrometheus, STREAMED_TYPE, withoutOwnLabels } from '../../../support/fake-prometheus.ts';
import { sendJson } from '../../../support/fake-server.ts';
import { loadLabels, METRIC, writeSamples } from '../../../support/load/counter-pairs.ts';
import { WIDE_END, WIDE_METRIC, wideLabels } from '../../../support/load/wide.ts';
import { framesOf } from '../../failures/support.ts';

/**
 * Two healthy replicas of one shard: `replicas-process.ts {long, wide}`. They have a metric of so many series with many samples
 * each, one of so many with one, and the few series of `m`. The URL is those of both, with a space between.
 */
const { long, wide } = JSON.parse(process.argv[2]!) as { readonly long: number; readonly wide: number };
/** Their shard. */
const GOOD = 'good';
const NICE = 10;
setPriority(NICE);

const TARGETS = ['1', '2'].map((instance) => ({ [METRIC_NAME]: 'up', instance, job: 'j' }));

const servers = await Promise.all([start(0), start(1)]);
process.once('disconnect', () => process.exit());
process.send!({ url: servers.map(({ url }) => url).join(' ') });

function start(replica: number): ReturnType<typeof startFakePrometheus> {
  const external = { __replica__: `replica-${replica}`, cluster: GOOD };
  const answers: Readonly<Record<string, Buffer>> = {
    [METRIC]: framesOfAll(long, loadLabels, external, (series, target) =>
      writeSamples(series, replica, target),
    ),
    [WIDE_METRIC]: framesOfAll(wide, wideLabels, external, (series, target) => {
      target.clear();
      target.push(WIDE_END - 15_000 - replica * 4321, series);
    }),
    m: framesOf(external),
  };
  const labels = Object.entries(external).map(([name, value]) => `    ${name}: ${value}`);
  return startFakePrometheus(
    {
      '/api/v1/read': ({ body }, response) => {
        const [query] = decodeReadRequest(body).queries;
        const metric = query!.matchers.find(({ name }) => name === METRIC_NAME)?.value ?? '';
        const isProbe = query!.maxTime < WIDE_END - 86_400_000;
        const answer = isProbe ? undefined : answers[metric];
        response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(answer ?? '');
      },
      '/api/v1/series': (_, response) => sendJson(response, { status: 'success', data: TARGETS }),
      '/api/v1/labels': (_, response) =>
        sendJson(response, { status: 'success', data: [METRIC_NAME, 'instance', 'job'] }),
      '/api/v1/label/job/values': (_, response) => sendJson(response, { status: 'success', data: ['j'] }),
      ...withoutOwnLabels(Object.keys(external)),
    },
    labels.join('\n'),
  );
}

function framesOfAll(
  count: number,
  labelsOf: (series: number) => Labels,
  external: Readonly<Record<string, string>>,
  write: (series: number, target: SampleBuffer) => void,
): Buffer {
  const buffer = new SampleBuffer();
  const externalLabels = labelsFromRecord(external);
  const all = Array.from({ length: count }, (_, series) => {
    write(series, buffer);
    return { labels: mergeLabels(labelsOf(series), externalLabels), chunks: encodeColumns(buffer) };
  });
  return Buffer.concat([...encodeChunkedFrames(all)]);
}
