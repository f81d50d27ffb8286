import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface FakeRequest {
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type FakeHandler = (request: FakeRequest, response: ServerResponse) => void | Promise<void>;

export interface FakeServer {
  readonly url: string;
  /** Everything that came, in order. */
  readonly requests: readonly FakeRequest[];
  close(): Promise<void>;
}

/**
 * An HTTP server on 127.0.0.1 that answers as a test wants; form bodies and query strings become `parameters`. The port
 * is a free one unless a test needs a server to come back where it was. Its clock, as it tells, is ahead by `clockOffMs`.
 */
export async function startFakeServer(handler: FakeHandler, port = 0, clockOffMs = 0): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, response) => {
    response.setHeader('date', new Date(Date.now() + clockOffMs).toUTCString());
    void receive(incoming).then((request) => {
      requests.push(request);
      return handler(request, response);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendText(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

async function receive(incoming: IncomingMessage): Promise<FakeRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
  const body = Buffer.concat(parts);
  const url = new URL(incoming.url ?? '/', 'http://fake');
  const isForm = incoming.headers['content-type'] === 'application/x-www-form-urlencoded';
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    parameters: isForm ? new URLSearchParams(body.toString()) : url.searchParams,
    headers: incoming.headers,
    body,
  };
}
