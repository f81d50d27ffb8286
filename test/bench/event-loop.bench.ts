import { Client, credentials } from '@grpc/grpc-js';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';
import { callStream } from '../grpc/support.ts';
import { startLoad, type LoadGateway } from '../support/load/load-servers.ts';
import { WIDE_METRIC, WIDE_SAMPLES } from '../support/load/wide.ts';

const SERIES = Number(process.env['SERIES'] ?? 200_000);
/** Rows whose names have this in them. */
const ROW = process.env['ROW'] ?? '';
const LONGEST_CALL_MS = 120_000;

/**
 * Calls that are answered from very many series, one after the other: how long each takes, and how long the event loop of
 * the gateway's process stood still meanwhile. The memory is the most that the process held up to then.
 */
export async function run(): Promise<void> {
  console.log(`${SERIES} series, ${WIDE_SAMPLES} samples of each in each of 2 replicas`);
  // Federation reads what is newest now.
  const end = Date.now();
  const load = await startLoad(SERIES, 'wide', end);
  try {
    const gateway = await load.startGateway(load.urls);
    const rows: Record<string, Record<string, number | string>> = {};
    for (const [name, call] of Object.entries(callsOf(gateway, end))) {
      if (!name.includes(ROW)) continue;
      await gateway.turns();
      const started = performance.now();
      const outcome = await call();
      const wall = performance.now() - started;
      const { longestMs, p99Ms, longestComputedMs, p99ComputedMs } = await gateway.turns();
      rows[name] = {
        'wall ms': Math.round(wall),
        'longest turn ms': Math.round(longestMs),
        'p99 turn ms': Math.round(p99Ms),
        'longest computed ms': Math.round(longestComputedMs),
        'p99 computed ms': Math.round(p99ComputedMs),
        'peak MB': Math.round((await gateway.peakBytes()) / 1e6),
        outcome,
      };
    }
    console.table(rows);
  } finally {
    await load.stop();
  }
}

function callsOf(
  { url, grpcAddress }: LoadGateway,
  end: number,
): Readonly<Record<string, () => Promise<string>>> {
  const time = String(end / 1000);
  const get = (path: string, parameters: Readonly<Record<string, string>>) => async (): Promise<string> => {
    const response = await fetch(`${url}${path}?${new URLSearchParams(parameters).toString()}`, {
      signal: AbortSignal.timeout(LONGEST_CALL_MS),
    });
    const { length } = await response.arrayBuffer().then((body) => new Uint8Array(body));
    return `${response.status}, ${length} bytes`;
  };
  const selector = { 'match[]': WIDE_METRIC };
  return {
    federate: get('/federate', selector),
    'federate, again': get('/federate', selector),
    export: get('/api/v1/export', { ...selector, start: String(end / 1000 - 300), end: time }),
    'count()': get('/api/v1/query', { query: `count(${WIDE_METRIC})`, time }),
    'count(), again': get('/api/v1/query', { query: `count(${WIDE_METRIC})`, time }),
    series: get('/api/v1/series', selector),
    labels: get('/api/v1/labels', selector),
    'label values': get('/api/v1/label/pod/values', selector),
    explain: get('/api/v1/explain', { query: `count(${WIDE_METRIC})`, start: time, end: time, step: '15' }),
    'gRPC Series': () => readSeries(grpcAddress, end),
  };
}

async function readSeries(address: string, end: number): Promise<string> {
  const client = new Client(address, credentials.createInsecure());
  const request = encodeSeriesRequest({
    ...EMPTY_SERIES_REQUEST,
    minTime: end - 300_000,
    maxTime: end,
    matchers: [{ kind: '=', name: '__name__', value: WIDE_METRIC }],
  });
  try {
    const { messages, ...status } = await callStream(
      client,
      '/thanos.Store/Series',
      request,
      LONGEST_CALL_MS,
    );
    return `${messages.length} messages, ${JSON.stringify(status)}`;
  } finally {
    client.close();
  }
}
