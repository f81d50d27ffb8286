import { BODY_LIMIT } from '../../../../src/http/body.ts';
import { lengthHead, compressSnappy } from '../../../../src/wire/snappy.ts';
import { encodeReadRequest, type ReadRequest } from '../../../../src/wire/remote-read/request.ts';
import { get, post, type Call } from '../ask.ts';

const SNAPPY = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };

/** A request with a message, named by what it is. */
function sending(what: string, body: Uint8Array, headers: Call['headers'] = SNAPPY): Call {
  return { ...post('/api/v1/read', Buffer.from(body), headers), what };
}

function asking(what: string, request: Partial<ReadRequest>, headers?: Call['headers']): Call {
  return sending(what, encodeReadRequest({ queries: [], accepted: [], ...request }), headers);
}

/** A ReadRequest in snappy whose one query has this matcher, a LabelMatcher byte by byte. */
function matching(matcher: readonly number[]): Uint8Array {
  const query = [(3 << 3) | 2, matcher.length, ...matcher];
  return compressSnappy(Uint8Array.from([(1 << 3) | 2, query.length, ...query]));
}

/** The name and the value of a matcher. */
const [name, value] = [
  [(2 << 3) | 2, 1, 97],
  [(3 << 3) | 2, 1, 98],
];

export const READ_CALLS: readonly Call[] = [
  get('/api/v1/read'),
  post('/api/v1/read', ''),
  post('/api/v1/read', 'x'),
  post('/api/v1/read', 'not snappy', SNAPPY),
  post('/api/v1/read', '\0', SNAPPY),
  { method: 'HEAD', path: '/api/v1/read' },
  { method: 'PUT', path: '/api/v1/read' },
  asking('nothing', {}),
  asking('nothing, in chunks', { accepted: [1] }),
  asking('an unknown form of answer', { accepted: [7] }),
  asking('an unknown form of answer, or chunks', { accepted: [7, 1] }),
  asking('with another type', {}, { ...SNAPPY, 'content-type': 'application/json' }),
  asking('without a type', {}, { 'content-encoding': 'snappy' }),
  asking('without an encoding', {}, { 'content-type': 'application/x-protobuf' }),
  asking('said to be gzip', {}, { ...SNAPPY, 'content-encoding': 'gzip' }),
  asking('of an unknown version', {}, { ...SNAPPY, 'x-prometheus-remote-read-version': '9.9.9' }),
  sending('no protobuf', compressSnappy(Uint8Array.of(10, 5, 1))),
  sending('a field of no type', compressSnappy(Uint8Array.of(15))),
  sending('a broken block', encodeReadRequest({ queries: [], accepted: [1, 1, 1] }).subarray(0, 3)),
  sending('a block that becomes too large', Buffer.concat([lengthHead(2 ** 26), Buffer.alloc(10)])),
  sending('a block that says less than it has', Uint8Array.of(1, 4, 8, 1)),
  sending('a body that is too large', new Uint8Array(BODY_LIMIT + 1)),
  sending('an unknown kind of matcher', matching([8, 9, ...name, ...value])),
  sending('a pattern that is none', matching([8, 2, ...name, (3 << 3) | 2, 1, 40])),
  sending('a matcher without a name', matching([...value])),
];
