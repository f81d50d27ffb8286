import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { labelsToRecord } from '../../../src/model/labels.ts';
import { startFakePrometheus, streamed } from '../fake-prometheus.ts';
import type { FakeHandler } from '../fake-server.ts';
import { wideLabels } from './wide.ts';

/**
 * One replica that lists very many series and values, as a server of its own: `list-replica-process.ts REPLICA SERIES VALUES`. Answers are
 * made while they are sent. Ends with its parent.
 */
const [replica, series, values] = process.argv.slice(2).map(Number) as [number, number, number];
const PIECE = 1000;

const server = await startFakePrometheus(
  {
    '/api/v1/read': streamed(),
    '/api/v1/series': listing(series, (i) => JSON.stringify(labelsToRecord(wideLabels(i)))),
    '/api/v1/labels': listing(4, (i) => JSON.stringify(['__name__', 'instance', 'job', 'pod'][i])),
    '/api/v1/label/pod/values': listing(values, (i) => `"pod-${i.toString(36).padStart(6, '0')}"`),
  },
  `    __replica__: replica-${replica}\n    cluster: wide`,
);
process.once('disconnect', () => void server.close());
process.send!({ url: server.url });

function listing(count: number, item: (index: number) => string): FakeHandler {
  return async ({ parameters }, response) => {
    const limit = Number(parameters.get('limit') ?? 0);
    await send(response, limit > 0 ? Math.min(limit, count) : count, item);
  };
}

async function send(response: ServerResponse, count: number, item: (index: number) => string): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":"success","data":[');
  for (let from = 0; from < count; from += PIECE) {
    const size = Math.min(PIECE, count - from);
    const piece = Array.from({ length: size }, (_, i) => item(from + i)).join(',');
    if (!response.write(from > 0 ? `,${piece}` : piece)) await once(response, 'drain');
  }
  response.end(']}');
}
