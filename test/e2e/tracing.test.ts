import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { freePort } from '../support/free-port.ts';
import { callStream } from '../grpc/support.ts';
import { startFakeServer, type FakeServer } from '../support/fake-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { runProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';
import { NOW, startReplica, US_A, type FakeReplica } from './failures/support.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const SECRET = 'hunter2';

interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status?: { readonly message: string };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface Traced {
  readonly gateway: RunningGateway;
  readonly replica: FakeReplica;
  readonly collector: FakeServer;
  /** What the collector has got, once there are so many. */
  readonly spans: (count: number) => Promise<readonly SeenSpan[]>;
}

async function start(t: TestContext, sampler = 'alwayssample'): Promise<Traced> {
  const collector = await startFakeServer((_, response) => void response.writeHead(200).end('{}'));
  const replica = await startReplica(t, US_A);
  const gateway = await startTestGateway([], {
    endpoints: [{ address: replica.url, bearer_token: SECRET }],
    'tracing.config': configFor(collector.url, sampler),
  });
  t.after(async () => {
    await gateway.close(0);
    await collector.close();
  });
  const seen = (): readonly SeenSpan[] =>
    collector.requests.flatMap(({ body }) => {
      const { resourceSpans } = JSON.parse(body.toString()) as {
        readonly resourceSpans: readonly {
          readonly scopeSpans: readonly { readonly spans: readonly SeenSpan[] }[];
        }[];
      };
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    });
  const spans = async (count: number): Promise<readonly SeenSpan[]> => {
    await until(`there are ${count} spans`, 20_000, async () => seen().length >= count);
    return seen();
  };
  return { gateway, replica, collector, spans };
}

function configFor(url: string, sampler: string): string {
  const endpoint = url.replace('http://', '');
  return `type: OTLP\nconfig: { client_type: http, insecure: true, endpoint: "${endpoint}", sampler_type: ${sampler}, headers: { authorization: "Bearer ${SECRET}" } }`;
}

const query = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
  const answer = await fetch(`${url}/api/v1/query?query=count(m)&time=${NOW / 1000}&token=${SECRET}`, {
    headers,
  });
  await answer.arrayBuffer();
  return answer;
};

const attribute = (span: SeenSpan, name: string): unknown =>
  Object.values(span.attributes.find(({ key }) => key === name)?.value ?? {})[0];

test('a query is a span below its caller, with its stages, and the calls to endpoints below these', async (t) => {
  const { gateway, replica, spans } = await start(t);
  const answer = await query(gateway.url, { traceparent: `00-${TRACE}-${PARENT}-00`, authorization: SECRET });
  const all = await spans(6);
  const request = all.find(({ kind }) => kind === 2);
  assert.deepEqual(
    [request?.name, request?.traceId, request?.parentSpanId],
    ['GET /api/v1/query', TRACE, PARENT],
  );
  assert.equal(answer.headers.get('traceparent'), `00-${TRACE}-${request?.spanId}-01`);
  assert.equal(attribute(request!, 'promweave.query'), 'count(m)');
  assert.equal(attribute(request!, 'promweave.series'), '2');
  const stages = all.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
  assert.deepEqual(
    stages.map(({ name }) => name),
    ['queue', 'select', 'evaluate', 'send'],
  );
  const [call, ...others] = all.filter(({ kind }) => kind === 3);
  assert.deepEqual(others, []);
  assert.equal(call?.parentSpanId, stages[1]?.spanId);
  assert.equal(attribute(call!, 'promweave.endpoint'), replica.url);
  assert.equal(attribute(call!, 'promweave.series'), '2');
  const heard = replica.server.requests.map(({ headers }) => headers['traceparent']);
  assert.ok(heard.includes(`00-${TRACE}-${call?.spanId}-01`), String(heard));
});

test('lists and reads over gRPC are spans, too, and failures are told', async (t) => {
  const { gateway, replica, spans } = await start(t);
  await (await fetch(`${gateway.url}/api/v1/labels`)).text();
  const client = new Client(gateway.grpcAddress, credentials.createInsecure());
  t.after(() => client.close());
  const matchers = [{ kind: '=', name: '__name__', value: 'm' }] as const;
  const request = encodeSeriesRequest({ ...EMPTY_SERIES_REQUEST, minTime: 0, maxTime: NOW, matchers });
  await callStream(client, '/thanos.Store/Series', request);
  replica.fault.read = (_, response) => void response.writeHead(500).end('no');
  await query(gateway.url);
  const all = await spans(14);
  const names = all.filter(({ kind }) => kind === 2).map(({ name }) => name);
  assert.deepEqual(names, ['GET /api/v1/labels', 'POST /thanos.Store/Series', 'GET /api/v1/query']);
  assert.ok(all.some(({ kind, status }) => kind === 3 && status?.message === 'unavailable'));
});

test('no secret is in a span', async (t) => {
  const { gateway, collector, spans } = await start(t);
  await query(gateway.url, { authorization: `Bearer ${SECRET}`, cookie: SECRET });
  await spans(6);
  for (const { body } of collector.requests) assert.doesNotMatch(body.toString(), new RegExp(SECRET));
});

test('a trace that its caller does not keep has no spans, and endpoints hear so', async (t) => {
  const { gateway, replica, spans } = await start(t, 'parentbasedalwayssample');
  await query(gateway.url, { traceparent: `00-${TRACE}-${PARENT}-00` });
  await query(gateway.url, { traceparent: `00-${'1'.repeat(32)}-${PARENT}-01` });
  const all = await spans(6);
  assert.deepEqual(new Set(all.map(({ traceId }) => traceId)), new Set(['1'.repeat(32)]));
  const heard = replica.server.requests.map(({ headers }) => String(headers['traceparent']));
  assert.ok(heard.some((parent) => parent.startsWith(`00-${TRACE}-`) && parent.endsWith('-00')));
});

test('a collector that is away costs no query, and what is lost is counted', async (t) => {
  const replica = await startReplica(t, US_A);
  const gateway = await startTestGateway([replica.url], {
    'tracing.config': configFor(`http://127.0.0.1:${await freePort()}`, 'alwayssample'),
  });
  t.after(() => gateway.close(0));
  // Six spans a query.
  for (let i = 0; i < 75; i++) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => query(gateway.url)));
    for (const { status } of answers) assert.equal(status, 200);
  }
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const dropped = Number(
    /promweave_tracing_spans_total\{result="dropped"\} (?<n>\d+)/.exec(metrics)?.groups?.['n'],
  );
  assert.equal(dropped, 1500 * 6 - 8192);
});

for (const [what, args, isLoaded] of [
  ['nothing of it is loaded without a configuration', [], false],
  ['it is loaded with one', ['--tracing.config=type: OTLP\nconfig: { client_type: http }'], true],
] as const)
  test(`tracing costs a start nothing: ${what}`, async (t) => {
    // Nobody has this address, so the start ends when all is loaded.
    const listen = ['--http-address=203.0.113.1:1', '--grpc-address=127.0.0.1:0'];
    const { modules, output } = await runProgram(t, 'src/main.ts', ['serve', ...listen, ...args]);
    assert.match(output, /cannot listen/);
    assert.ok(modules.files.includes('src/app/start-gateway.ts'));
    for (const file of ['src/app/tracer.ts', 'src/telemetry/tracing/span-exporter.ts'])
      assert.equal(modules.files.includes(file), isLoaded, file);
  });
