import { ownCall } from '../model/request-scope.ts';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Backend } from '../backend/backend.ts';
import { labelValue, mergeLabels, type Labels } from '../model/labels.ts';
import { compileMatcher } from '../promql/match/compile.ts';
import { encodeColumns } from '../wire/chunk/encode.ts';
import { decodeReadRequest, type ReadQuery } from '../wire/remote-read/request.ts';
import { encodeChunkedFrames, type ChunkedSeries } from '../wire/remote-read/streamed.ts';

const PROTOBUF = 'application/x-protobuf';
const STREAMED = 'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse';

/**
 * `POST /api/v1/read` with streamed chunks, as Prometheus serves it: matchers on external labels are decided here,
 * and the external labels are added to every series.
 */
export function remoteReadRoute(server: FastifyInstance, backend: Backend, externalLabels: Labels): void {
  server.addContentTypeParser(
    PROTOBUF,
    { parseAs: 'buffer' },
    async (_request: unknown, body: unknown) => body,
  );
  server.post('/api/v1/read', async (request, reply) => {
    const { queries } = decodeReadRequest(request.body as Uint8Array);
    const frames = await Promise.all(
      queries.map(async (query, index) => framesOf(backend, externalLabels, query, index, request.signal)),
    );
    return reply.type(STREAMED).send(Readable.from(frames.flat(), { objectMode: false }));
  });
}

async function framesOf(
  backend: Backend,
  externalLabels: Labels,
  { matchers, minTime, maxTime }: ReadQuery,
  index: number,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const isExternal = (name: string): boolean => labelValue(externalLabels, name) !== '';
  const outside = matchers.filter(({ name }) => isExternal(name));
  if (!outside.every((matcher) => compileMatcher(matcher)(labelValue(externalLabels, matcher.name))))
    return [];
  const request = {
    matchers: matchers.filter(({ name }) => !isExternal(name)),
    minTime,
    maxTime,
    hints: { range: 0, func: '' },
  };
  const result = await ownCall(signal, async (scope) => backend.select(scope, request));
  if (!result.ok) throw new Error(result.failure.reason);
  const series = [...result.value.series].map(({ labels, data }): ChunkedSeries => ({
    labels: mergeLabels(labels, externalLabels),
    chunks: data.kind === 'chunks' ? data.chunks : encodeColumns(data.columns),
  }));
  return [...encodeChunkedFrames(series, index)];
}
