import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { CERTIFICATES } from './certificates.ts';

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Slice;
}

/** An EndpointSlice, or what stands for one in a test. */
export type Slice = Readonly<Record<string, unknown>> & {
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace: string;
  };
};

/** Answers instead of the API. */
export type Instead = (request: IncomingMessage, response: ServerResponse) => void;

/** A slice of a service `prom` in the namespace `mon`, with the port `web`. */
export function sliceOf(
  name: string,
  hosts: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Slice {
  return {
    metadata: { name, namespace: 'mon', labels: { 'kubernetes.io/service-name': 'prom' } },
    addressType: 'IPv4',
    ports: [{ name: 'web', port: 9090, protocol: 'TCP' }],
    endpoints: hosts.map((host) => ({ addresses: [host], conditions: { ready: true } })),
    ...more,
  };
}

/**
 * The part of a Kubernetes API server that lists and watches EndpointSlices, over HTTPS on 127.0.0.1 with the certificate of
 * `store.example`. It takes one token, has pages, versions, bookmarks and a history that can be forgotten.
 */
export class KubernetesApi {
  readonly requests: URL[] = [];
  token = 'one';
  /** Taken instead of the API while it is set. */
  instead: Instead | undefined;
  readonly #server = createServer({ cert: CERTIFICATES.server.cert, key: CERTIFICATES.server.key });
  readonly #slices = new Map<string, Slice>();
  readonly #watches = new Set<ServerResponse>();
  #history: Change[] = [];
  #version = 100;
  #forgotten = 0;

  async start(): Promise<string> {
    this.#server.on('request', (request, response) => this.#answer(request, response));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `https://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** How many watches are open. */
  get watches(): number {
    return this.#watches.size;
  }

  put(slice: Slice): void {
    const key = keyOf(slice);
    this.#change(this.#slices.has(key) ? 'MODIFIED' : 'ADDED', slice);
    this.#slices.set(key, slice);
  }

  remove(slice: Slice): void {
    this.#change('DELETED', slice);
    this.#slices.delete(keyOf(slice));
  }

  /** Something else changes, of which watches hear the version alone. */
  bookmark(): void {
    this.#version++;
    this.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.#version) } } });
  }

  /** Versions before the newest are gone. */
  forget(): void {
    this.#forgotten = this.#version;
    this.#history = [];
  }

  /** Ends all watches as a server does whose time for them is over. */
  endWatches(): void {
    for (const watch of this.#watches) watch.end();
  }

  /** Cuts all watches off, in the middle of what is being sent. */
  cut(half = ''): void {
    for (const watch of this.#watches) {
      watch.write(half);
      setImmediate(() => watch.destroy());
    }
  }

  /** Sends an event, or any text, to all watches. */
  send(event: unknown): void {
    const text = typeof event === 'string' ? event : `${JSON.stringify(event)}\n`;
    for (const watch of this.#watches) watch.write(text);
  }

  #change(type: Change['type'], slice: Slice): void {
    const version = ++this.#version;
    const object = stamped(slice, version);
    this.#history.push({ version, type, object });
    this.send({ type, object });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'https://api');
    this.requests.push(url);
    if (this.instead !== undefined) return this.instead(request, response);
    if (request.headers.authorization !== `Bearer ${this.token}`) return status(response, 401);
    const namespace = /^\/apis\/discovery\.k8s\.io\/v1\/(?:namespaces\/([^/]+)\/)?endpointslices$/.exec(
      url.pathname,
    );
    if (namespace === null) return status(response, 404);
    if (url.searchParams.get('watch') === 'true') return this.#watch(url.searchParams, response);
    const matching = [...this.#slices.values()].filter(
      ({ metadata }) => namespace[1] === undefined || metadata.namespace === namespace[1],
    );
    const from = Number(url.searchParams.get('continue') ?? 0);
    const to = from + Number(url.searchParams.get('limit') ?? Infinity);
    const more = to < matching.length ? { continue: String(to) } : {};
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        metadata: { resourceVersion: String(this.#version), ...more },
        items: matching.slice(from, to).map((slice) => stamped(slice, this.#version)),
      }),
    );
  }

  #watch(parameters: URLSearchParams, response: ServerResponse): void {
    const from = Number(parameters.get('resourceVersion'));
    if (from < this.#forgotten) return status(response, 410);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const { version, type, object } of this.#history)
      if (version > from) response.write(`${JSON.stringify({ type, object })}\n`);
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
  }
}

function keyOf({ metadata }: Slice): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function stamped(slice: Slice, version: number): Slice {
  return { ...slice, metadata: { ...slice.metadata, resourceVersion: String(version) } };
}

function status(response: ServerResponse, code: number): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', code }));
}
