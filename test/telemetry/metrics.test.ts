import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createCoverageMetrics } from '../../src/telemetry/coverage-metrics.ts';
import { createEndpointMetrics } from '../../src/telemetry/endpoint-metrics.ts';
import { createHttpMetrics } from '../../src/telemetry/http-metrics.ts';
import { createIntervalMetrics } from '../../src/telemetry/interval-metrics.ts';
import { createMemoryMetrics } from '../../src/telemetry/memory-metrics.ts';
import { createSeriesMetrics } from '../../src/telemetry/series-metrics.ts';
import { createQueryMetrics } from '../../src/telemetry/query-metrics.ts';
import { createRegistry } from '../../src/telemetry/registry.ts';

test('requests are counted, timed and told apart by handler and code', async () => {
  const metrics = createHttpMetrics(new Registry());
  metrics.requestStarted();
  metrics.requestStarted();
  metrics.requestFinished('/x', '200', 0.3);
  const { text, contentType } = await metrics.exposition();
  assert.match(contentType, /version=0\.0\.4/);
  assert.match(text, /promweave_http_requests_in_flight 1\n/);
  assert.match(
    text,
    /promweave_http_request_duration_seconds_bucket\{le="0\.25",handler="\/x",code="200"\} 0\n/,
  );
  assert.match(text, /promweave_http_request_duration_seconds_sum\{handler="\/x",code="200"\} 0\.3\n/);
});

test('queries are counted by family and result, with the load at the time of the scrape', async () => {
  const registry = new Registry();
  let active = 1;
  const metrics = createQueryMetrics(registry, () => ({
    queries: { active, waiting: 2, refused: 4 },
    lookups: { active: 5, waiting: 6, refused: 7 },
  }));
  metrics.finished({
    family: 'range',
    samples: 7,
    error: undefined,
    missing: 2,
    replaced: 1,
  });
  const more = { samples: 0, missing: 0, replaced: 0 };
  metrics.finished({ ...more, family: 'range', error: 'timeout' });
  metrics.finished({ ...more, family: 'instant', error: undefined, replaced: 3 });
  metrics.sent({
    family: 'range',
    stages: [
      { stage: 'queue', began: 100, ended: 600 },
      { stage: 'select', began: 600, ended: 601 },
    ],
  });
  active = 3;
  const text = await registry.metrics();
  assert.match(text, /promweave_queries_active 3\n/);
  assert.match(text, /promweave_queries_waiting 2\n/);
  assert.match(text, /promweave_queries_refused_total 4\n/);
  assert.match(text, /promweave_lookups_active 5\n/);
  assert.match(text, /promweave_lookups_refused_total 7\n/);
  assert.match(text, /promweave_queries_total\{family="range",result="success"\} 1\n/);
  assert.match(text, /promweave_queries_total\{family="range",result="timeout"\} 1\n/);
  assert.match(text, /promweave_query_samples_total 7\n/);
  assert.match(text, /promweave_queries_incomplete_total\{family="range"\} 1\n/);
  assert.match(text, /promweave_queries_incomplete_total\{family="instant"\} 0\n/);
  assert.match(text, /promweave_queries_replaced_total\{family="range"\} 0\n/);
  assert.match(text, /promweave_queries_replaced_total\{family="instant"\} 1\n/);
  assert.match(text, /promweave_query_duration_seconds_sum\{family="range",stage="queue"\} 0\.5\n/);
});

test('the process and the version are metrics, too', async () => {
  const text = await createRegistry('1.2.3').metrics();
  assert.match(text, /promweave_build_info\{version="1\.2\.3",node="v\d+/);
  assert.match(text, /process_resident_memory_bytes \d+/);
});

test('endpoints are up or down, their failures and retries are counted, and those that are gone leave nothing', async () => {
  const registry = new Registry();
  let endpoints = [
    {
      id: 'http://a:1',
      isUp: true,
      clockOffsetMs: 0,
      certificateExpiry: undefined,
      breaker: 'slow' as const,
    },
    {
      id: 'http://b:1',
      isUp: false,
      clockOffsetMs: -40_000,
      certificateExpiry: 5000,
      breaker: 'slow' as const,
    },
  ];
  const metrics = createEndpointMetrics(registry, () => endpoints);
  metrics.failed('http://b:1');
  metrics.retried('http://b:1');
  const call = { endpoint: 'http://b:1', began: 10, ended: 2010, series: 3, bytes: 50 };
  metrics.called(call);
  const text = await registry.metrics();
  assert.match(text, /promweave_endpoint_up\{endpoint="http:\/\/a:1"\} 1\n/);
  assert.match(text, /promweave_endpoint_up\{endpoint="http:\/\/b:1"\} 0\n/);
  assert.match(text, /promweave_endpoint_failures_total\{endpoint="http:\/\/b:1"\} 1\n/);
  assert.match(text, /promweave_endpoint_retries_total\{endpoint="http:\/\/a:1"\} 0\n/);
  assert.match(text, /promweave_endpoint_retries_total\{endpoint="http:\/\/b:1"\} 1\n/);
  assert.match(text, /promweave_endpoint_clock_offset_seconds\{endpoint="http:\/\/b:1"\} -40\n/);
  assert.match(text, /_cert_expiry_timestamp_seconds\{endpoint="http:\/\/b:1"\} 5\n/);
  assert.doesNotMatch(text, /_cert_expiry_timestamp_seconds\{endpoint="http:\/\/a:1"\}/);
  assert.match(text, /promweave_endpoint_breaker_state\{endpoint="http:\/\/a:1",state="slow"\} 1\n/);
  assert.match(text, /promweave_endpoint_breaker_state\{endpoint="http:\/\/a:1",state="closed"\} 0\n/);
  assert.match(text, /promweave_endpoint_request_duration_seconds_sum\{endpoint="http:\/\/b:1"\} 2\n/);
  assert.match(text, /promweave_endpoint_received_bytes_total\{endpoint="http:\/\/b:1"\} 50\n/);
  assert.match(text, /promweave_endpoint_received_series_total\{endpoint="http:\/\/a:1"\} 0\n/);
  endpoints = endpoints.slice(0, 1);
  await registry.metrics();
  // A call that began while it was there ends afterwards.
  metrics.called(call);
  metrics.failed('http://b:1');
  const later = await registry.metrics();
  assert.doesNotMatch(later, /b:1/);
  assert.match(later, /promweave_endpoint_failures_total\{endpoint="http:\/\/a:1"\} 0\n/);
});

test('the memory that requests hold is a metric, with its limit and how often there was no room', async () => {
  const registry = new Registry();
  const memory = { held: 5, limit: Infinity, refused: 0 };
  createMemoryMetrics(registry, memory);
  assert.match(await registry.metrics(), /promweave_request_memory_limit_bytes \+Inf\n/);
  Object.assign(memory, { held: 6, limit: 10, refused: 2 });
  const text = await registry.metrics();
  assert.match(text, /promweave_request_memory_bytes 6\n/);
  assert.match(text, /promweave_request_memory_limit_bytes 10\n/);
  assert.match(text, /promweave_request_memory_refused_total 2\n/);
});

test('what is known of scrapes is shown of the endpoints that there are now', async () => {
  const registry = new Registry();
  const of = (id: string, until: number) => ({ id, targets: 7, until, isKnown: until > 0 });
  let endpoints = [of('a:1', 12_000), of('b:1', -Infinity)];
  createCoverageMetrics(registry, () => ({ bytes: 100, pieces: 3, endpoints }));
  const shown = async (): Promise<readonly string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.includes('endpoint='));
  assert.deepEqual(await shown(), [
    'promweave_coverage_known{endpoint="a:1"} 1',
    'promweave_coverage_known{endpoint="b:1"} 0',
    'promweave_coverage_targets{endpoint="a:1"} 7',
    'promweave_coverage_targets{endpoint="b:1"} 7',
    'promweave_coverage_until_timestamp_seconds{endpoint="a:1"} 12',
  ]);
  endpoints = [of('b:1', 15_000)];
  assert.ok((await shown()).every((line) => line.includes('b:1')));
  assert.match(await registry.metrics(), /promweave_coverage_bytes 100\n/);
});

test('how many scrape intervals are remembered is a metric', async () => {
  const registry = new Registry();
  const known = { size: 1 };
  createIntervalMetrics(registry, known);
  known.size = 7;
  assert.match(await registry.metrics(), /promweave_known_intervals 7\n/);
});

test('the labels of series that are kept are a metric, and how many series they were known of', async () => {
  const registry = new Registry();
  createSeriesMetrics(registry, { bytes: 5, limit: 10, recognized: 7, unknown: 2 });
  const text = await registry.metrics();
  assert.match(text, /promweave_series_labels_memory_bytes 5\n/);
  assert.match(text, /promweave_series_labels_memory_limit_bytes 10\n/);
  assert.match(text, /promweave_series_labels_total\{labels="known"\} 7\n/);
  assert.match(text, /promweave_series_labels_total\{labels="new"\} 2\n/);
});
