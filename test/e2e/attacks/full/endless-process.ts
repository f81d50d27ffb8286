import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setPriority } from 'node:os';
import { labelsFromRecord, METRIC_NAME } from '../../../../src/model/labels.ts';
import { decodeReadRequest } from '../../../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames } from '../../../../src/wire/remote-read/streamed.ts';
import { encodeSeriesResponse } from '../../../../src/wire/store-api/series-response.ts';
import { startFakePrometheus, STREAMED_TYPE, withoutOwnLabels } from '../../../support/fake-prometheus.ts';
import { sendJson, type FakeHandler } from '../../../support/fake-server.ts';
import { infoAnswer } from '../../../support/fake-store.ts';
import { NOW } from '../../failures/support.ts';

/**
 * Servers whose answers have no end: `endless-process.ts {frames, json, lists, trickle, grpc}`, so many of each. They say who they
 * are as healthy ones do. The URL is those of all, with spaces between.
 */
const counts = JSON.parse(process.argv[2]!) as Readonly<
  Record<'frames' | 'json' | 'lists' | 'trickle' | 'grpc', number>
>;
const NICE = 10;
setPriority(NICE);
const TRICKLE_MS = 1000;

const JSON_TYPE = 'application/json';
const POINT = `[${NOW / 1000},"1"]`;
const MATRIX = '{"status":"success","data":{"resultType":"matrix","result":[';
const LIST = '{"status":"success","data":[';
const TARGETS = [{ [METRIC_NAME]: 'up', instance: '1', job: 'j' }];

const CHUNK = {
  encoding: 1,
  minTime: NOW,
  maxTime: NOW,
  data: Uint8Array.of(0, 1, ...varint(NOW * 2), 0, 0, 0, 0, 0, 0, 0, 0),
};

let made = 0;
const endlessFrames = endless(STREAMED_TYPE, '', () => framesOfSeries());
const endlessMatrix = endless(JSON_TYPE, MATRIX, () =>
  `{"metric":{"${METRIC_NAME}":"m","i":"${made++}"},"values":[${POINT}]},`.repeat(100),
);
const endlessTexts = endless(JSON_TYPE, LIST, () => `"value-${made++}",`.repeat(1000));
const endlessSeries = endless(JSON_TYPE, LIST, () => `{"${METRIC_NAME}":"m","i":"${made++}"},`.repeat(200));

const urls: string[] = [];
for (let i = 0; i < counts.frames; i++) urls.push(await startPrometheus({ read: endlessFrames }));
for (let i = 0; i < counts.json; i++) urls.push(await startPrometheus({ query: endlessMatrix }));
for (let i = 0; i < counts.lists; i++)
  urls.push(await startPrometheus({ texts: endlessTexts, series: endlessSeries }));
for (let i = 0; i < counts.trickle; i++)
  urls.push(
    await startPrometheus({
      read: trickle(STREAMED_TYPE),
      texts: trickle(JSON_TYPE),
      series: trickle(JSON_TYPE),
    }),
  );
for (let i = 0; i < counts.grpc; i++) urls.push(await startStore());

process.once('disconnect', () => process.exit());
process.send!({ url: urls.join(' ') });

interface Faults {
  readonly read?: FakeHandler;
  readonly query?: FakeHandler;
  readonly texts?: FakeHandler;
  readonly series?: FakeHandler;
}

async function startPrometheus({ read, query, texts, series }: Faults): Promise<string> {
  const cluster = `bad-${urls.length}`;
  const nothing: FakeHandler = (_, response) => sendJson(response, { status: 'success', data: [] });
  const { url } = await startFakePrometheus(
    {
      '/api/v1/labels': texts ?? nothing,
      '/api/v1/label/job/values': texts ?? nothing,
      ...withoutOwnLabels(['cluster']),
      '/api/v1/series': (request, response) => {
        const isProbe = request.parameters.get('match[]')?.includes('"up"') === true;
        if (!isProbe) return (series ?? nothing)(request, response);
        sendJson(response, { status: 'success', data: TARGETS });
      },
      ...(query === undefined
        ? {
            '/api/v1/read': (request, response): void => {
              const isProbe = decodeReadRequest(request.body).queries[0]!.maxTime < NOW - 86_400_000;
              if (read !== undefined && !isProbe) return void read(request, response);
              response.writeHead(200, { 'content-type': STREAMED_TYPE }).end();
            },
          }
        : {
            '/api/v1/query': (request, response): void => {
              if (request.parameters.get('query') !== '1') return void query(request, response);
              const data = { resultType: 'scalar', result: [NOW / 1000, '1'] };
              sendJson(response, { status: 'success', data });
            },
          }),
    },
    `    cluster: ${cluster}`,
  );
  return url;
}

/** Writes as fast as the client reads, and never ends. */
function endless(type: string, head: string, part: () => string | Buffer): FakeHandler {
  return (_, response) => {
    response.writeHead(200, { 'content-type': type });
    if (head !== '') response.write(head);
    fill(response, part);
  };
}

function fill(response: ServerResponse, part: () => string | Buffer): void {
  const more = (): void => {
    if (response.destroyed) return;
    if (response.write(part())) setImmediate(more);
  };
  response.on('drain', more);
  more();
}

function trickle(type: string): FakeHandler {
  return (_, response) => {
    response.writeHead(200, { 'content-type': type });
    const timer = setInterval(() => response.write(' '), TRICKLE_MS);
    response.once('close', () => clearInterval(timer));
  };
}

function seriesOfPart(): {
  readonly labels: ReturnType<typeof labelsFromRecord>;
  readonly chunks: readonly [typeof CHUNK];
}[] {
  return Array.from({ length: 100 }, () => ({
    labels: labelsFromRecord({ [METRIC_NAME]: 'm', i: String(made++) }),
    chunks: [CHUNK],
  }));
}

function framesOfSeries(): Buffer {
  return Buffer.concat([...encodeChunkedFrames(seriesOfPart())]);
}

/** Answers Info, and anything else with messages of series without end. */
async function startStore(): Promise<string> {
  const info = framed(infoAnswer([labelsFromRecord({ cluster: `bad-${urls.length}` })]));
  const server = createServer();
  server.on('session', (session: ServerHttp2Session) => session.on('error', () => undefined));
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    if (headers[':path'] === '/thanos.info.Info/Info') return stream.end(info);
    const more = (): void => {
      if (stream.destroyed) return;
      const series = seriesOfPart().map(({ labels, chunks: [raw] }) => ({
        labels,
        chunks: [{ minTime: raw.minTime, maxTime: raw.maxTime, raw, aggregates: undefined }],
      }));
      if (stream.write(framed(encodeSeriesResponse({ kind: 'series', series })))) setImmediate(more);
    };
    stream.on('drain', more);
    more();
    return undefined;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
