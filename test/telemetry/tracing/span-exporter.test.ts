import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { test, type TestContext } from 'node:test';
import { traceOf } from '../../../src/model/trace-context.ts';
import type { Span } from '../../../src/telemetry/tracing/span.ts';
import {
  MOST_WAITING,
  SpanExporter,
  type ExporterOptions,
} from '../../../src/telemetry/tracing/span-exporter.ts';
import { startFakeServer, type FakeHandler, type FakeServer } from '../../support/fake-server.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { until } from '../../support/until.ts';

const span = (name: string): Span => ({
  name,
  trace: traceOf(undefined, undefined),
  kind: 'internal',
  start: 1_795_392_561_907.25,
  end: 1_795_392_561_908,
  attributes: { text: 'a', whole: 3, part: 0.5 },
  failure: undefined,
});

interface Running {
  readonly exporter: SpanExporter;
  readonly collector: FakeServer;
  readonly timers: ManualTimers;
  readonly notes: string[];
}

async function start(
  t: TestContext,
  handler: FakeHandler,
  options: Partial<ExporterOptions> = {},
): Promise<Running> {
  const collector = await startFakeServer(handler);
  const timers = new ManualTimers();
  const notes: string[] = [];
  const exporter = new SpanExporter({
    origin: collector.url,
    path: '/v1/traces',
    headers: { 'x-tenant': 'a' },
    compress: false,
    timeoutMs: 10_000,
    tls: {},
    resource: { 'service.name': 'test' },
    timers,
    note: (level, message) => notes.push(`${level}: ${message}`),
    ...options,
  });
  t.after(async () => {
    await exporter.close();
    await collector.close();
  });
  return { exporter, collector, timers, notes };
}

/** What is looked at of a resource with its spans. */
interface Resource {
  readonly resource: { readonly attributes: unknown };
  readonly scopeSpans: readonly [{ readonly spans: readonly [unknown, { readonly status: unknown }] }];
}

const takes: FakeHandler = (_, response) => void response.writeHead(200).end('{}');

test('spans go to the collector together, in the JSON form of OTLP', async (t) => {
  const { exporter, collector, timers } = await start(t, takes);
  const spans = [span('one'), { ...span('two'), failure: 'timeout' }];
  exporter.add(spans);
  await timers.fire();
  await until('they are sent', 20_000, async () => exporter.figures().sent === 2);
  const { path, headers, body } = collector.requests[0]!;
  assert.deepEqual(
    [path, headers['content-type'], headers['x-tenant']],
    ['/v1/traces', 'application/json', 'a'],
  );
  const { resourceSpans } = JSON.parse(body.toString()) as { readonly resourceSpans: readonly [Resource] };
  const [{ resource, scopeSpans }] = resourceSpans;
  assert.deepEqual(resource.attributes, [{ key: 'service.name', value: { stringValue: 'test' } }]);
  const [one, two] = scopeSpans[0].spans;
  assert.deepEqual(one, {
    traceId: spans[0]!.trace.traceId,
    spanId: spans[0]!.trace.spanId,
    flags: 1,
    name: 'one',
    kind: 1,
    startTimeUnixNano: '1795392561907250000',
    endTimeUnixNano: '1795392561908000000',
    attributes: [
      { key: 'text', value: { stringValue: 'a' } },
      { key: 'whole', value: { intValue: '3' } },
      { key: 'part', value: { doubleValue: 0.5 } },
    ],
  });
  assert.deepEqual(two.status, { code: 2, message: 'timeout' });
});

test('a body is compressed where that is wanted', async (t) => {
  const { exporter, collector, timers } = await start(t, takes, { compress: true });
  exporter.add([span('one')]);
  await timers.fire();
  await until('it is sent', 20_000, async () => exporter.figures().sent === 1);
  const { headers, body } = collector.requests[0]!;
  assert.equal(headers['content-encoding'], 'gzip');
  assert.match(gunzipSync(body).toString(), /"name":"one"/);
});

test('many spans are sent at once, without waiting for more', async (t) => {
  const { exporter, collector } = await start(t, takes);
  exporter.add(Array.from({ length: 600 }, (_, i) => span(String(i))));
  await until('they are sent', 20_000, async () => exporter.figures().sent === 600);
  assert.equal(collector.requests.length, 3);
});

test('spans wait for a collector that is busy, ever longer, and it is said once', async (t) => {
  let status = 503;
  const { exporter, collector, timers, notes } = await start(
    t,
    (_, response) => void response.writeHead(status).end(),
  );
  exporter.add([span('one')]);
  for (const delay of [1000, 2000, 4000]) {
    await until('the next try is due', 20_000, async () => timers.delays().includes(delay));
    await timers.fire(delay);
    await until('it came', 20_000, async () => timers.delays().includes(delay * 2));
  }
  assert.equal(collector.requests.length, 3);
  status = 200;
  await timers.fire();
  await until('it is taken', 20_000, async () => exporter.figures().sent === 1);
  assert.equal(exporter.figures().dropped, 0);
  assert.deepEqual(
    notes.map((note) => note.replace(collector.url, 'URL')),
    [
      'warn: spans are not taken by URL: it answers HTTP 503; 8192 wait, further ones are dropped',
      'info: spans are taken by URL again',
    ],
  );
});

test('spans that the collector refuses are dropped', async (t) => {
  const { exporter, timers } = await start(t, (_, response) => void response.writeHead(400).end('no'));
  exporter.add([span('one')]);
  await timers.fire();
  await until('it is dropped', 20_000, async () => exporter.figures().dropped === 1);
});

test('spans for a collector that is away take bounded memory, and further ones are dropped', async (t) => {
  const { exporter, collector } = await start(t, takes);
  await collector.close();
  const spans = Array.from({ length: 1000 }, (_, i) => span(String(i)));
  for (let i = 0; i < 20; i++) exporter.add(spans);
  assert.equal(exporter.isFull, true);
  assert.deepEqual(exporter.figures(), { sent: 0, dropped: 20_000 - MOST_WAITING });
  const started = performance.now();
  await exporter.close();
  assert.ok(performance.now() - started < 10_000);
});
