import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Backend, BackendSelect, RawSeriesSet } from '../../src/backend/backend.ts';
import { createPrometheusBackend } from '../../src/backend/prometheus/backend.ts';
import { HttpClient } from '../../src/backend/prometheus/http-client.ts';
import { KINDS } from '../../src/backend/prometheus/kinds/table.ts';
import { queryMatrix } from '../../src/backend/prometheus/matrix-query.ts';
import { PROMETHEUS_DEFAULTS } from '../../src/backend/prometheus/options.ts';
import { remoteRead } from '../../src/backend/prometheus/remote-read.ts';
import { seriesWithExternals } from '../../src/backend/prometheus/with-external-labels.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { Result } from '../../src/model/result.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { ReadScratch, readReplica } from '../../src/select/reading/read-replica.ts';
import { startPrometheus } from '../support/prometheus-server.ts';
import type { PrometheusServer } from '../support/prometheus-server.ts';
import { createBlocks } from '../support/tsdb-blocks.ts';
import type { TsdbBlocks } from '../support/tsdb-blocks.ts';
import { scopeWith } from '../support/scopes.ts';

const START = 1_700_000_000_000;
const SAMPLES = 1000;
const INTERVAL = 15_000;
const NEVER = new AbortController().signal;

const CONFIG = `
global:
  scrape_interval: 15s
  external_labels:
    __replica__: a
    shard: "0"
    region: "eu \\"west\\""
`;

/** Values with few and with many digits, special ones, a gap. */
function valueAt(series: number, i: number): number {
  if (i % 97 === 5) return Infinity;
  return series === 0 ? i * 3 : Math.sin(i) * 1e-3;
}

function openMetrics(): string {
  const lines = ['# TYPE m gauge'];
  for (let series = 0; series < 2; series++)
    for (let i = 0; i < SAMPLES; i++) {
      if (i > 300 && i < 400) continue;
      const value = valueAt(series, i);
      lines.push(
        `m{path="/a\\"b",s="${series}"} ${value === Infinity ? '+Inf' : value} ${(START + i * INTERVAL) / 1000}`,
      );
    }
  return `${lines.join('\n')}\n# EOF\n`;
}

let blocks: TsdbBlocks;
let server: PrometheusServer;
let backend: Backend;

before(async () => {
  blocks = await createBlocks(openMetrics());
  server = await startPrometheus({
    config: CONFIG,
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=50y', '--storage.remote.read-max-bytes-in-frame=1000'],
  });
  backend = createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url: server.url });
});

after(async () => {
  await backend?.close();
  await server?.stop();
  await blocks?.remove();
});

function valueOf<T>(result: Result<T, { readonly reason: string }>): T {
  if (!result.ok) assert.fail(result.failure.reason);
  return result.value;
}

const ALL: BackendSelect = {
  matchers: [{ kind: '=', name: '__name__', value: 'm' }],
  minTime: START,
  maxTime: START + SAMPLES * INTERVAL,
  hints: { range: 0, func: '' },
};

function assertSamples(set: RawSeriesSet, from = 0, to = SAMPLES): void {
  assert.equal(set.series.length, 2);
  const target = new SampleBuffer();
  [...set.series].forEach(({ labels, data }, s) => {
    assert.deepEqual(
      labels,
      labelsFromRecord({
        __name__: 'm',
        __replica__: 'a',
        path: '/a"b',
        region: 'eu "west"',
        s: String(s),
        shard: '0',
      }),
    );
    readReplica([data], START + from * INTERVAL, START + to * INTERVAL, target, new ReadScratch());
    let at = 0;
    for (let i = from; i < to; i++) {
      if (i > 300 && i < 400) continue;
      assert.equal(target.t[at], START + i * INTERVAL);
      assert.equal(target.v[at], valueAt(s, i));
      at++;
    }
    assert.equal(target.length, at);
  });
}

test('a real Prometheus tells its external labels and streams chunks', async () => {
  const description = valueOf(await backend.describe(NEVER));
  assert.deepEqual(
    description.externalLabels,
    labelsFromRecord({ __replica__: 'a', region: 'eu "west"', shard: '0' }),
  );
  assert.equal(description.protocol, 'remote-read-chunks');
});

test('streamed chunks hold every sample, over several blocks and frames', async () => {
  const set = valueOf(await backend.select(scopeWith(), ALL));
  assert.ok([...set.series].every(({ data }) => data.kind === 'chunks' && data.chunks.length > 4));
  assertSamples(set);
});

test('a shorter range holds its samples', async () => {
  const range = { minTime: START + 450 * INTERVAL, maxTime: START + 460 * INTERVAL - 1 };
  assertSamples(valueOf(await backend.select(scopeWith(), { ...ALL, ...range })), 450, 460);
});

test('no matcher at all selects every series', async () => {
  assert.equal(valueOf(await backend.select(scopeWith(), { ...ALL, matchers: [] })).series.length, 2);
});

test('labels, values and series come with the external labels', async () => {
  const request = { matcherSets: [ALL.matchers], minTime: ALL.minTime, maxTime: ALL.maxTime, limit: 0 };
  const names = valueOf(await backend.labelNames(scopeWith(), request)).items;
  assert.deepEqual([...names].sort(), ['__name__', '__replica__', 'path', 'region', 's', 'shard']);
  assert.deepEqual([...valueOf(await backend.labelValues(scopeWith(), 's', request)).items], ['0', '1']);
  assert.deepEqual([...valueOf(await backend.labelValues(scopeWith(), 'shard', request)).items], ['0']);
  assert.equal(valueOf(await backend.series(scopeWith(), request)).items.length, 2);
});

test('the instant query gives the same samples as remote read', async () => {
  const client = new HttpClient({ ...PROMETHEUS_DEFAULTS, url: server.url });
  try {
    const labels = labelsFromRecord({ __replica__: 'a', region: 'eu "west"', shard: '0' });
    const set = await queryMatrix(client, ALL, KINDS.prometheus, scopeWith());
    assertSamples(await seriesWithExternals(set, { labels, configured: false }, scopeWith()));
  } finally {
    await client.close();
  }
});

test('plain samples are the same as chunks', async () => {
  const client = new HttpClient({ ...PROMETHEUS_DEFAULTS, url: server.url });
  try {
    const answer = await remoteRead(client, ALL, KINDS.prometheus, false, scopeWith());
    assert.ok(answer.kind === 'series');
    assert.equal(answer.protocol, 'remote-read-samples');
    assertSamples(answer.set);
  } finally {
    await client.close();
  }
});
