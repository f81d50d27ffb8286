import { TextDecoder } from 'node:util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueryError } from '../model/errors.ts';
import { quote } from '../model/quote.ts';
import { toHttpFailure } from './errors.ts';
import { percentDecoded } from './parameters/form.ts';
import { sendFailure, sendText } from './respond.ts';

const LABEL_VALUES = /^\/+api\/+v1\/+label\/+([^/?]+)\/+values(?:\?|$)/;

/** Answers paths whose escapes are malformed or are not UTF-8, which never reach a route. */
export function refuseBadPath(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const url = request.raw.url ?? '';
  const [path = ''] = url.split('?');
  const [, label] = LABEL_VALUES.exec(url) ?? [];
  if (/%(?![\da-f]{2})/i.test(path)) void sendFailure(reply, toHttpFailure(error));
  else if (label === undefined) void sendText(reply, 404, '404 page not found\n');
  else {
    const message = `invalid label name: ${quoteBytes(percentDecoded(label))}`;
    void sendFailure(reply, toHttpFailure(new QueryError('bad_data', message)));
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Quotes bytes that need not be UTF-8 as Go's `%q` does: those that are no text become `\xNN`. */
export function quoteBytes(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const character = [1, 2, 3, 4].map((n) => decoded(bytes.subarray(i, i + n))).find((one) => one !== '');
    text +=
      character === undefined
        ? String.raw`\x${bytes[i]!.toString(16).padStart(2, '0')}`
        : quote(character).slice(1, -1);
    i += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return `"${text}"`;
}

/** The empty string where the bytes are not the UTF-8 of a text. */
function decoded(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return '';
  }
}
