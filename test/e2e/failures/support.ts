import type { TestContext } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { decodeReadRequest } from '../../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames, type ChunkedSeries } from '../../../src/wire/remote-read/streamed.ts';
import { queryInstant, type ApiAnswer, type InstantData } from '../../support/api-client.ts';
import { STREAMED_TYPE, startFakePrometheus, withoutOwnLabels } from '../../support/fake-prometheus.ts';
import { sendJson, type FakeHandler, type FakeServer } from '../../support/fake-server.ts';
import { startTestGateway } from '../../support/running-gateway.ts';

/** When the series of the fake servers have samples, ms since the epoch. */
export const NOW = 1_795_348_800_000;

export type ExternalLabels = Readonly<Record<string, string>>;

/** The endpoints that most tests have: one shard of two replicas, and a shard that has one. */
export const EU_A: ExternalLabels = { __replica__: 'a', cluster: 'eu' };
export const EU_B: ExternalLabels = { __replica__: 'b', cluster: 'eu' };
export const US_A: ExternalLabels = { __replica__: 'a', cluster: 'us' };

/** One way to misbehave; set it at any time, undefined to be healthy again. */
export interface Fault {
  /** Answers the remote reads that queries ask for. */
  read?: FakeHandler | undefined;
  /** Answers everything. */
  all?: FakeHandler | undefined;
}

export interface FakeReplica {
  readonly url: string;
  readonly fault: Fault;
  readonly server: FakeServer;
}

/** A Prometheus with the series `m{instance="1"}` and `m{instance="2"}`, both 1 around {@link NOW}. */
export async function startReplica(t: TestContext, external: ExternalLabels, port = 0): Promise<FakeReplica> {
  const fault: Fault = {};
  const faulty =
    (healthy: FakeHandler): FakeHandler =>
    (request, response) =>
      (fault.all ?? healthy)(request, response);
  const server = await startFakePrometheus(
    {
      '/api/v1/status/config': faulty((_, response) =>
        sendJson(response, { status: 'success', data: { yaml: configOf(external) } }),
      ),
      ...withoutOwnLabels(Object.keys(external)),
      '/api/v1/status/buildinfo': faulty((_, response) =>
        sendJson(response, { status: 'success', data: { version: '3.14.0' } }),
      ),
      '/api/v1/series': faulty((_, response) => sendJson(response, { status: 'success', data: TARGETS })),
      '/api/v1/read': faulty((request, response) => {
        const { matchers, maxTime } = decodeReadRequest(request.body).queries[0]!;
        const isProbe = maxTime < NOW - 86_400_000;
        const name = matchers.some(({ value }) => value === 'up') ? 'up' : 'm';
        // The gateway asks for the scrapes of all targets by itself.
        const isOwn = isProbe || (name === 'up' && matchers.length === 1);
        if (!isOwn && fault.read !== undefined) return fault.read(request, response);
        response
          .writeHead(200, { 'content-type': STREAMED_TYPE })
          .end(isProbe ? '' : framesOf(external, name));
      }),
    },
    '',
    port,
  );
  t.after(async () => server.close());
  return { url: server.url, fault, server };
}

const INSTANCES = ['1', '2'];
const TARGETS = INSTANCES.map((instance) => ({ __name__: 'up', instance, job: 'j' }));

function configOf(external: ExternalLabels): string {
  const lines = Object.entries(external).map(([name, value]) => `    ${name}: ${value}\n`);
  return `global:\n  external_labels:\n${lines.join('')}`;
}

/** The whole, healthy answer to a remote read: a frame a series. */
export function framesOf(external: ExternalLabels, name = 'm'): Buffer {
  return Buffer.concat([...encodeChunkedFrames(seriesOf(external, name))]);
}

export function seriesOf(external: ExternalLabels, name = 'm'): readonly ChunkedSeries[] {
  const samples = new SampleBuffer();
  for (let t = NOW - 600_000; t <= NOW; t += 15_000) samples.push(t, 1);
  return INSTANCES.map((instance) => ({
    labels: labelsFromRecord({ __name__: name, instance, job: 'j', ...external }),
    chunks: encodeColumns(samples),
  }));
}

/** The gateway under test; `settings` by dotted path of the configuration. */
export async function gatewayOver(
  t: TestContext,
  replicas: readonly { readonly url: string }[],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const urls = replicas.map(({ url }) => url);
  const gateway = await startTestGateway(urls, { 'query.endpoint_timeout': '30s', ...settings });
  t.after(async () => gateway.close(0));
  return gateway.url;
}

/** Asks for the number of series in each shard; `more` are further parameters, or another query. */
export async function countByCluster(
  url: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer<InstantData>> {
  const { query = 'count by (cluster) (m)', ...parameters } = more;
  return queryInstant(url, query, { time: NOW / 1000, ...parameters });
}

/** `{ eu: '2' }` of an answer to {@link countByCluster}. */
export function countsOf({ data }: ApiAnswer<InstantData>): Readonly<Record<string, string>> {
  return Object.fromEntries(data.result.map(({ metric, value }) => [metric['cluster'], value[1]]));
}
