import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { METRIC_NAME, labelValue, labelsFromRecord, labelsToRecord } from '../../src/model/labels.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { decodeReadRequest } from '../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames } from '../../src/wire/remote-read/streamed.ts';
import { STREAMED_TYPE, startFakePrometheus, withoutOwnLabels } from './fake-prometheus.ts';
import { sendJson, sendText, type FakeServer } from './fake-server.ts';
import { scopeWith } from './scopes.ts';

/** A server that answers remote reads, as Prometheus streams them, out of series in memory. Its clock is ahead by `clockOffMs`. */
export async function startMemoryPrometheus(
  external: Readonly<Record<string, string>>,
  series: readonly RawSeries[],
  clockOffMs = 0,
): Promise<FakeServer> {
  const backend = createMemoryBackend({
    address: 'memory',
    externalLabels: labelsFromRecord(external),
    series,
  });
  const targets = series.filter(({ labels }) => labelValue(labels, METRIC_NAME) === 'up');
  return startFakePrometheus(
    {
      ...withoutOwnLabels(Object.keys(external)),
      '/api/v1/series': (_, response) =>
        sendJson(response, {
          status: 'success',
          data: targets.map(({ labels }) => labelsToRecord(labels)),
        }),
      '/api/v1/read': async ({ body }, response) => {
        const { matchers, minTime, maxTime } = decodeReadRequest(body).queries[0]!;
        const hints = { range: 0, func: '' };
        const answer = await backend.select(scopeWith(), { matchers, minTime, maxTime, hints });
        if (!answer.ok) return sendText(response, 400, 'text/plain', answer.failure.reason);
        const selected = [...answer.value.series].map(({ labels, data }) => ({
          labels,
          chunks: data.kind === 'chunks' ? data.chunks : encodeColumns(data.columns),
        }));
        response.writeHead(200, { 'content-type': STREAMED_TYPE });
        response.end(Buffer.concat([...encodeChunkedFrames(selected)]));
      },
    },
    Object.entries(external)
      .map(([name, value]) => `    ${name}: ${value}`)
      .join('\n'),
    0,
    clockOffMs,
  );
}
