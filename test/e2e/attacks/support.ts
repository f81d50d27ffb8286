import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { METRIC_NAME } from '../../../src/model/labels.ts';
import { decodeReadRequest } from '../../../src/wire/remote-read/request.ts';
import { STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import { framesOf, NOW, type ExternalLabels } from '../failures/support.ts';

/** A read that waits for its answer. */
export interface HeldRead {
  /** The metric that it asks for. */
  readonly metric: string;
  readonly answer: () => void;
}

/** Holds the reads that come to a server until the test has them answered. */
export function holdReads(external: ExternalLabels): {
  readonly reads: HeldRead[];
  readonly read: FakeHandler;
} {
  const reads: HeldRead[] = [];
  return {
    reads,
    read: ({ body }, response) => {
      const { matchers } = decodeReadRequest(body).queries[0]!;
      const metric = matchers.find(({ name }) => name === METRIC_NAME)?.value ?? '';
      const answer = (): void => {
        response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(framesOf(external));
      };
      reads.push({ metric, answer });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Asks a query at the time of the fake servers, from an address of the loopback. */
export async function queryFrom(url: string, query: string, localAddress = '127.0.0.1'): Promise<Answer> {
  const parameters = new URLSearchParams({ query, time: String(NOW / 1000) });
  const sent = request(`${url}/api/v1/query`, {
    method: 'POST',
    localAddress,
    agent: false,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }).end(parameters.toString());
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += String(part);
  return { status: response.statusCode!, headers: response.headers, body };
}

/** A metric of the gateway now. */
export async function metricOf(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `) || each.startsWith(`${name}{`));
  return Number(line?.split(' ').at(-1));
}
