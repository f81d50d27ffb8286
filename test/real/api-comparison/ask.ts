import { request as send, Agent, type OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { Readable, Transform } from 'node:stream';

/** A call of the HTTP API, as it goes over the wire. */
export interface Call {
  readonly method: string;
  /** With its query string, escaped. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** What the body is, where that is no text. */
  readonly what?: string;
}

/** An answer, with its body as text and without its content coding. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** Neither `fetch` nor undici leaves odd paths and headers as they are. */
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

export function closeConnections(): void {
  agent.destroy();
}

/** Sends a call as it is. Nothing follows redirects. */
export async function ask(url: string, { method, path, headers = {}, body }: Call): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = send({ agent, hostname, port, method, path, headers }, (response) => {
      const { statusCode = 0, headers: told } = response;
      const decoder = method === 'HEAD' ? undefined : DECODERS[told['content-encoding'] ?? ''];
      const source: Readable = decoder === undefined ? response : response.pipe(decoder());
      buffer(source).then(
        (bytes) => resolve({ status: statusCode, headers: flat(told), body: bytes.toString() }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

function flat(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Answer['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

export function get(path: string, headers: OutgoingHttpHeaders = {}): Call {
  return { method: 'GET', path, headers };
}

/** A form by POST, with parameters in the URL where the path has some. */
export function post(path: string, body: string | Buffer, headers: OutgoingHttpHeaders = {}): Call {
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      ...headers,
    },
    body,
  };
}
