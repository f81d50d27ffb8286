import type { QueryAnswer, QueryValue } from '../../src/engine/answer.ts';
import { toRemarks } from '../../src/gateway/remarks.ts';
import { toChunks, type Piece } from '../../src/http/chunks.ts';
import { encodeSuccess } from '../../src/http/envelope.ts';
import { encodeValue } from '../../src/http/routes/query/encode-value.ts';
import { scopeWith } from './scopes.ts';

/** The body of an answer to a query, through the encoders of the HTTP API. */
export function answerText(
  { value, annotations }: Pick<QueryAnswer, 'value' | 'annotations'>,
  query: string,
): string {
  const chunks = toChunks(encodeSuccess(dataOf(value), toRemarks(scopeWith(), annotations, query)));
  return Buffer.concat([...chunks]).toString();
}

function* dataOf(value: QueryValue): Generator<Piece> {
  yield '{';
  yield* encodeValue(value);
  yield '}';
}
