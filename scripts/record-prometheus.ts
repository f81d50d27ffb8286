/**
 * `node scripts/record-prometheus.ts`: asks Debian's Prometheus and keeps its answers in test/recordings/prometheus-2.42.
 * The tests compare with them where no server is installed, byte for byte. What the server holds is always the same; when
 * it scraped and evaluated rules is not. `scripts/install-test-servers.ts` installs the server.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Matcher } from '../src/model/matcher.ts';
import { encodeReadRequest, ResponseType } from '../src/wire/remote-read/request.ts';
import { DATA_CALLS, STATE_CALLS, type HttpCall, urlPathOf } from '../test/recordings/http-calls.ts';
import { type CorpusCall, histogramCalls, randomCalls } from '../test/recordings/corpus-calls.ts';
import { RECORDED_RANGE, writtenSeries } from '../test/recordings/written-series.ts';
import { remoteWrite } from '../test/support/differential/remote-write.ts';
import { BASKET_RULES } from '../test/support/basket-rules.ts';
import { startMetricsTarget } from '../test/support/metrics-target.ts';
import { type PrometheusServer, startPrometheus } from '../test/support/prometheus-server.ts';
import { until } from '../test/support/until.ts';

const RECORDING = fileURLToPath(new URL('../test/recordings/prometheus-2.42', import.meta.url));
/** Takes the place of the recording once everything is in it. */
const FOLDER = `${RECORDING}.new`;
const START_TIMEOUT_MS = 30_000;

interface RemoteRead {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly matchers: readonly Matcher[];
  readonly accepted: keyof typeof ResponseType;
}

const { start, end } = RECORDED_RANGE;
const named = (value: string, kind: Matcher['kind'] = '='): Matcher => ({ kind, name: '__name__', value });

const REMOTE_READS: readonly RemoteRead[] = [
  { name: 'everything-streamed', start, end, matchers: [named('.+', '=~')], accepted: 'streamedChunks' },
  {
    name: 'one-metric-sampled',
    start: end - 600_000,
    end,
    matchers: [named('memory_bytes')],
    accepted: 'samples',
  },
  { name: 'nothing-streamed', start, end, matchers: [named('no_such_metric')], accepted: 'streamedChunks' },
  { name: 'stale-streamed', start, end, matchers: [named('errors_total')], accepted: 'streamedChunks' },
];

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(join(FOLDER, 'remote-read'), { recursive: true });
const http = [...(await recordData()), ...(await recordState())];
writeFileSync(join(FOLDER, 'http.jsonl'), http.map((line) => `${JSON.stringify(line)}\n`).join(''));
rmSync(RECORDING, { recursive: true, force: true });
renameSync(FOLDER, RECORDING);

/** What a server says that holds the written series. */
async function recordData(): Promise<readonly object[]> {
  const server = await startPrometheus({
    config: 'global: { external_labels: { cluster: prod, shard: "0", __replica__: a } }\n',
    args: [
      '--web.enable-remote-write-receiver',
      '--storage.tsdb.retention.time=100y',
      '--enable-feature=native-histograms',
    ],
  });
  try {
    await remoteWrite(server.url, writtenSeries());
    const index = [];
    for (const call of REMOTE_READS) index.push(await recordRemoteRead(server, call));
    writeFileSync(join(FOLDER, 'remote-read/index.json'), `${JSON.stringify(index, undefined, 1)}\n`);
    await recordCorpus(server, 'promql-corpus', randomCalls());
    await recordCorpus(server, 'promql-corpus-histograms', histogramCalls());
    return await recordCalls(server, DATA_CALLS);
  } finally {
    await server.stop();
  }
}

async function recordCorpus(
  { url }: PrometheusServer,
  name: string,
  calls: readonly CorpusCall[],
): Promise<void> {
  const lines = [];
  for (const { path, params } of calls) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(params)) query.set(name, String(value));
    const response = await fetch(`${url}/api/v1/${path}?${query.toString()}`);
    lines.push(`${JSON.stringify({ path, params, response: await response.json() })}\n`);
  }
  writeFileSync(join(FOLDER, `${name}.jsonl.gz`), gzipSync(lines.join(''), { level: 9 }));
}

async function recordRemoteRead(server: PrometheusServer, call: RemoteRead): Promise<object> {
  const { name, start, end, matchers, accepted } = call;
  const query = { minTime: start, maxTime: end, matchers };
  const request = encodeReadRequest({ queries: [query], accepted: [ResponseType[accepted]] });
  const response = await fetch(`${server.url}/api/v1/read`, {
    method: 'POST',
    headers: {
      'content-encoding': 'snappy',
      'content-type': 'application/x-protobuf',
      'x-prometheus-remote-read-version': '0.1.0',
    },
    body: new Uint8Array(request),
  });
  const body = Buffer.from(await response.arrayBuffer());
  writeFileSync(join(FOLDER, `remote-read/${name}.request.bin`), request);
  writeFileSync(join(FOLDER, `remote-read/${name}.response.bin`), body);
  return {
    name,
    start_ms: start,
    end_ms: end,
    matchers: matchers.map(({ kind, name, value }) => `${name}${kind}${JSON.stringify(value)}`),
    accepted: accepted === 'samples' ? 'SAMPLES' : 'STREAMED_XOR_CHUNKS',
    status: response.status,
    headers: { 'content-type': response.headers.get('content-type') },
    bytes: body.length,
  };
}

/** What a server says that scrapes a target and evaluates rules, one of which fires. */
async function recordState(): Promise<readonly object[]> {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-recording-'));
  const target = await startMetricsTarget(
    () =>
      '# HELP basket_apples Apples in the basket.\n# TYPE basket_apples gauge\nbasket_apples{sort="boskoop"} 7\n' +
      '# HELP basket_visits_total Hands in the basket.\n# TYPE basket_visits_total counter\nbasket_visits_total 3\n',
  );
  const rules = join(folder, 'rules.yml');
  writeFileSync(rules, BASKET_RULES);
  let server: PrometheusServer | undefined;
  try {
    server = await startPrometheus({
      config: `
global: { scrape_interval: 1s, external_labels: { cluster: prod } }
rule_files: [${rules}]
scrape_configs:
- job_name: basket
  static_configs: [{ targets: ['${target.address}'], labels: { place: kitchen } }]
`,
    });
    const { url } = server;
    await until('the alert fires', START_TIMEOUT_MS, async () => {
      const response = await fetch(`${url}/api/v1/alerts`);
      return (await response.text()).includes('"firing"');
    });
    return await recordCalls(server, STATE_CALLS);
  } finally {
    await server?.stop();
    await target.stop();
    rmSync(folder, { recursive: true });
  }
}

async function recordCalls(
  { url }: PrometheusServer,
  calls: readonly HttpCall[],
): Promise<readonly object[]> {
  const lines = [];
  for (const { method, path } of calls) {
    const response = await fetch(url + urlPathOf(path), { method });
    const content_type = response.headers.get('content-type') ?? '';
    lines.push({ method, path, status: response.status, content_type, body: await response.text() });
  }
  return lines;
}
