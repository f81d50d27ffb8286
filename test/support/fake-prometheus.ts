import { sendJson, sendText, startFakeServer } from './fake-server.ts';
import type { FakeHandler, FakeServer } from './fake-server.ts';

export const STREAMED_TYPE = 'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse';
export const SAMPLED_TYPE = 'application/x-protobuf';

/** Says that no series carries one of the external labels itself. */
export function withoutOwnLabels(names: readonly string[]): FakePaths {
  return Object.fromEntries(
    names.map((name): [string, FakeHandler] => [
      `/api/v1/label/${name}/values`,
      (_, response) => sendJson(response, { status: 'success', data: [] }),
    ]),
  );
}

/** Handlers by path; what is not given answers 404, as a server does that has no such call. */
export type FakePaths = Readonly<Record<string, FakeHandler>>;

/** A server that says who it is, as Prometheus does, and whatever else a test adds. */
export async function startFakePrometheus(
  paths: FakePaths,
  externalLabels = '',
  port = 0,
  clockOffMs = 0,
): Promise<FakeServer> {
  const all: FakePaths = {
    '/api/v1/status/config': (_, response) =>
      sendJson(response, {
        status: 'success',
        data: {
          yaml: `global:\n  scrape_interval: 15s\n  external_labels:\n${externalLabels}\nrule_files: []\n`,
        },
      }),
    '/api/v1/status/buildinfo': (_, response) =>
      sendJson(response, { status: 'success', data: { version: '2.99.0' } }),
    ...paths,
  };
  return startFakeServer(
    (request, response) => {
      const handler = all[request.path];
      if (handler === undefined) return sendText(response, 404, 'text/plain', '404 page not found');
      return handler(request, response);
    },
    port,
    clockOffMs,
  );
}

/** Answers remote read with the given bytes of a stream. */
export function streamed(...parts: readonly Uint8Array[]): FakeHandler {
  return (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(Buffer.concat(parts));
  };
}
