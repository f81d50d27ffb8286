import { isUtf8 } from 'node:buffer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueryError } from '../model/errors.ts';
import { quote } from '../model/quote.ts';
import type { Door } from './admission.ts';
import { toHttpFailure } from './errors.ts';
import { percentDecoded } from './parameters/form.ts';
import { sendFailure, sendText } from './respond.ts';

/** Label names may be long, and each of their characters may take nine once it is percent-escaped. */
export const LONGEST_PATH_PARAMETER = 16_384;

const LABEL_VALUES = /^\/+api\/+v1\/+label\/+([^/?]+)\/+values(?:\?|$)/;

/** Answers paths that never reach a route. No hook hears of them, so who asks for them is looked at here. */
export function badPathRefuser(
  door: Door,
): (error: Error, request: FastifyRequest, reply: FastifyReply) => void {
  const refuse = async (error: Error, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      // A reply is a thenable that resolves to nothing, so what the door returned says nothing behind an await.
      await door(request, reply);
      if (!reply.sent) answerBadPath(error, request, reply);
    } catch (thrown) {
      void sendFailure(reply, toHttpFailure(thrown));
    }
  };
  return (...bad) => void refuse(...bad);
}

/** With malformed escapes, with escapes that are no UTF-8, with too long a name. */
function answerBadPath(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const url = request.raw.url ?? '';
  const [path = ''] = url.split('?');
  const [, label] = LABEL_VALUES.exec(url) ?? [];
  if (/%(?![\da-f]{2})/i.test(path)) void sendFailure(reply, toHttpFailure(error));
  else if (label === undefined) void sendText(reply, 404, '404 page not found\n');
  else void sendFailure(reply, toHttpFailure(invalidName(label)));
}

function invalidName(label: string): QueryError {
  const problem =
    label.length > LONGEST_PATH_PARAMETER
      ? `it has ${label.length} characters in the path, and the most that is read is ${LONGEST_PATH_PARAMETER}`
      : quoteBytes(percentDecoded(label));
  return new QueryError('bad_data', `invalid label name: ${problem}`);
}

/** Quotes bytes that need not be UTF-8 as Go's `%q` does: those that are no text become `\xNN`. */
export function quoteBytes(bytes: Buffer): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const length = CHARACTER_LENGTHS.find((n) => isUtf8(bytes.subarray(i, i + n)));
    text +=
      length === undefined
        ? String.raw`\x${bytes.toString('hex', i, i + 1)}`
        : quote(bytes.toString('utf8', i, i + length)).slice(1, -1);
    i += length ?? 1;
  }
  return `"${text}"`;
}

/** Bytes of one character in UTF-8. */
const CHARACTER_LENGTHS = [1, 2, 3, 4];
