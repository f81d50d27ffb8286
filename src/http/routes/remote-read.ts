import { Buffer } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gateway } from '../../gateway/gateway.ts';
import type { ReadChunks } from '../../gateway/raw/read.ts';
import { toRemarks } from '../../gateway/remarks.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import { QueryError } from '../../model/errors.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import {
  decodeReadRequest,
  type ReadQuery,
  type ReadRequest,
  ResponseType,
  responseType,
} from '../../wire/remote-read/request.ts';
import { ReadResponseWriter } from '../../wire/remote-read/sampled-writer.ts';
import { type ChunkedSeries, encodeChunkedFrames } from '../../wire/remote-read/streamed.ts';
import { urlForm } from '../body.ts';
import type { HttpOptions } from '../context.ts';
import { beginRequest } from '../scope.ts';
import { sendPieces } from '../send.ts';
import { addLateWarnings, addWarnings, takesTrailers } from '../warnings-header.ts';

const SAMPLED = 'application/x-protobuf';
const STREAMED = 'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse';

/**
 * `/api/v1/read`, Prometheus' remote read. Its answers have no place for warnings, so what is missing is an error, unless the
 * caller says that an answer in part will do.
 */
export function remoteReadRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: 'POST',
    url: '/api/v1/read',
    config: {
      failuresAsText: true,
      messageEncoding: 'snappy',
      operation: {
        access: 'tenant',
        summary:
          'Remote read of Prometheus: samples, or a stream of chunks. The body is a ReadRequest in snappy',
        answer: { kind: 'text', type: SAMPLED },
      },
    },
    handler: async (request, reply) => {
      const { queries, accepted } = readMessage(request.body);
      const form = responseType(accepted);
      if (form === undefined)
        throw new QueryError(
          'bad_data',
          `server does not support any of the requested response types: ${accepted.join(', ')}; ` +
            'supported are SAMPLES (0) and STREAMED_XOR_CHUNKS (1)',
        );
      const scope = beginRequest(gateway, request, urlForm(request), 0, { partialResponse: false });
      const read = { gateway, scope, queries, request, reply };
      return form === ResponseType.samples ? sendSamples(read) : sendChunks(read);
    },
  });
}

function readMessage(body: unknown): ReadRequest {
  try {
    return decodeReadRequest(body instanceof Buffer ? body : Buffer.alloc(0));
  } catch (error) {
    if (!(error instanceof MessageFormatError)) throw error;
    throw new QueryError('bad_data', `the request cannot be read: ${error.message}`, { cause: error });
  }
}

interface Read {
  readonly gateway: Gateway;
  readonly scope: RequestScope;
  readonly queries: readonly ReadQuery[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function sendSamples({ gateway, scope, queries, request, reply }: Read): Promise<FastifyReply> {
  const writer = new ReadResponseWriter();
  const { annotations } = await gateway.raw.readSamples(scope, queries, writer);
  addWarnings(reply, toRemarks(scope, annotations).warnings);
  reply.type(SAMPLED).header('Content-Encoding', 'snappy');
  return sendPieces(request, reply, writer.finish(), { form: 'compressed' });
}

async function sendChunks({ gateway, scope, queries, request, reply }: Read): Promise<FastifyReply> {
  const isToldLate = takesTrailers(request);
  const read = await gateway.raw.readChunks(scope, queries, isToldLate);
  const { sets } = read;
  const warnings = (): readonly string[] => toRemarks(scope, read.annotations).warnings;
  if (isToldLate) addLateWarnings(reply, warnings);
  else addWarnings(reply, warnings());
  return sendPieces(request, reply.type(STREAMED), framesOf(sets), { form: 'compressed' });
}

function* framesOf(sets: ReadChunks['sets']): Generator<Uint8Array> {
  for (const [index, { series }] of sets.entries()) yield* encodeChunkedFrames(chunked(series), index);
}

function* chunked(series: ReadChunks['sets'][number]['series']): Generator<ChunkedSeries> {
  for (const each of series) {
    const chunks = each
      .read()
      .flatMap(({ raw }): readonly EncodedChunk[] => (raw === undefined ? [] : [raw]));
    yield { labels: each.labels, chunks };
  }
}
