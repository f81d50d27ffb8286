import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MatchKind } from '../../src/model/matcher.ts';
import { MessageFormatError } from '../../src/wire/message-format-error.ts';
import {
  type ReadRequest,
  ResponseType,
  decodeReadRequest,
  encodeReadRequest,
  responseType,
} from '../../src/wire/remote-read/request.ts';
import { compressSnappy, uncompressSnappy } from '../../src/wire/snappy.ts';
import { prometheusProto } from '../support/proto.ts';

const KINDS: readonly MatchKind[] = ['=', '!=', '=~', '!~'];
const ReadRequestType = prometheusProto().lookupType('prometheus.ReadRequest');

const request: ReadRequest = {
  queries: [
    {
      minTime: -5,
      maxTime: 1_795_348_800_000,
      matchers: KINDS.map((kind) => ({ kind, name: 'job', value: 'größe|.+' })),
    },
    { minTime: 0, maxTime: 0, matchers: [] },
  ],
  accepted: [ResponseType.streamedChunks, ResponseType.samples],
};

describe('remote-read requests', () => {
  it('decode to what was encoded', () => {
    assert.deepEqual(decodeReadRequest(encodeReadRequest(request)), request);
  });

  it('are what proto/prometheus says', () => {
    const decoded = ReadRequestType.decode(uncompressSnappy(encodeReadRequest(request), 1000));
    assert.deepEqual(ReadRequestType.toObject(decoded, { longs: Number, enums: String, defaults: true }), {
      queries: [
        {
          startTimestampMs: -5,
          endTimestampMs: 1_795_348_800_000,
          matchers: ['EQ', 'NEQ', 'RE', 'NRE'].map((type) => ({ type, name: 'job', value: 'größe|.+' })),
          hints: null,
        },
        { startTimestampMs: 0, endTimestampMs: 0, matchers: [], hints: null },
      ],
      acceptedResponseTypes: ['STREAMED_XOR_CHUNKS', 'SAMPLES'],
    });
  });

  it('may hold hints, of which function and range are read', () => {
    const hints = { stepMs: 15_000, func: 'rate', startMs: 1, grouping: ['job'], by: true, rangeMs: 300_000 };
    const query = { startTimestampMs: 1, endTimestampMs: 2, hints };
    const bytes = ReadRequestType.encode(ReadRequestType.create({ queries: [query] })).finish();
    assert.deepEqual(decodeReadRequest(compressSnappy(bytes)).queries, [
      { minTime: 1, maxTime: 2, matchers: [], hints: { func: 'rate', range: 300_000 } },
    ]);
  });

  it('are answered in the first form that is known, in samples where they name none', () => {
    const { samples, streamedChunks } = ResponseType;
    assert.equal(responseType([]), samples);
    assert.equal(responseType([7, streamedChunks, samples]), streamedChunks);
    assert.equal(responseType([samples, streamedChunks]), samples);
    assert.equal(responseType([7, 8]), undefined);
  });

  it('name the matcher whose type is unknown', () => {
    const matchers = [{ type: 7, name: 'job', value: 'x' }];
    const bytes = ReadRequestType.encode(ReadRequestType.create({ queries: [{ matchers }] })).finish();
    assert.throws(() => decodeReadRequest(compressSnappy(bytes)), {
      name: 'MessageFormatError',
      message: 'the matcher of label "job" has the unknown type 7',
    });
  });

  it('are refused where they are no snappy block', () => {
    assert.throws(() => decodeReadRequest(Buffer.from('{"query": "up"}')), MessageFormatError);
  });
});
