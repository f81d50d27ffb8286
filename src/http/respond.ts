import { Buffer } from 'node:buffer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NotedItems } from '../model/annotations.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { toRemarks, type Remarks } from '../gateway/remarks.ts';
import { encodeFailure, encodeSuccess } from './envelope.ts';
import { encodeJson, type JsonValue, type MemberOrder } from './json/json-value.ts';
import { encodeList } from './json/object.ts';
import type { HttpFailure } from './errors.ts';
import type { Piece } from './chunks.ts';
import { appendVary, sendPieces } from './send.ts';

const NO_REMARKS: Remarks = { warnings: [], infos: [] };

/** Sends the envelope of an answer around `data`, which is JSON in pieces. */
export function sendData(
  request: FastifyRequest,
  reply: FastifyReply,
  data: Iterable<Piece>,
  remarks: Remarks = NO_REMARKS,
): Promise<FastifyReply> {
  return sendPieces(request, reply.type('application/json'), encodeSuccess(data, remarks));
}

/** The same for what clients ask for again and again, such as names of metrics: it is sent again only where it changed. */
export function sendCatalog(
  request: FastifyRequest,
  reply: FastifyReply,
  data: Iterable<Piece>,
  remarks: Remarks,
): Promise<FastifyReply> {
  return sendPieces(request, reply.type('application/json'), encodeSuccess(data, remarks), {
    isTagged: true,
  });
}

/** The same for data that is small. */
export function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  data: JsonValue,
  order?: MemberOrder,
): Promise<FastifyReply> {
  return sendData(request, reply, [encodeJson(data, order)]);
}

/** Sends a catalog that is a list, with the remarks on it. Each item is encoded by itself, because lists can be long. */
export function sendList<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: RequestScope,
  { items, annotations }: NotedItems<T>,
  encode: (item: T) => string,
): Promise<FastifyReply> {
  return sendCatalog(request, reply, encodeList(items, encode), toRemarks(scope, annotations));
}

export function sendFailure(reply: FastifyReply, failure: HttpFailure): FastifyReply {
  const { status, errorType, message } = failure;
  appendVary(reply, 'Accept-Encoding');
  return addRetryAfter(reply, failure)
    .code(status)
    .type('application/json')
    .send(Buffer.from(encodeFailure(errorType, message)));
}

/** For routes whose clients show the body as it is. */
export function sendPlainFailure(reply: FastifyReply, failure: HttpFailure): FastifyReply {
  appendVary(reply, 'Accept-Encoding');
  return sendText(addRetryAfter(reply, failure), failure.status, `${failure.message}\n`);
}

function addRetryAfter(reply: FastifyReply, { retryAfter }: HttpFailure): FastifyReply {
  return retryAfter === undefined ? reply : reply.header('Retry-After', retryAfter);
}

/** Answers for people and for machines that do not speak the API. */
export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}
