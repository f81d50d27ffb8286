import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReplyReader, type Reply } from '../../../src/shared-cache/memcached/reply-reader.ts';

const VALUE = Buffer.from([0, 255, 13, 10, 69, 78, 68]);
const SENT = Buffer.concat([
  Buffer.from('VERSION 1.6\r\nVALUE a:1 0 7\r\n'),
  VALUE,
  Buffer.from('\r\nVALUE b 3 0 99\r\n\r\nEND\r\nSTORED\r\n'),
]);
const REPLIES: readonly Reply[] = [
  { kind: 'line', text: 'VERSION 1.6' },
  { kind: 'value', key: 'a:1', bytes: VALUE },
  { kind: 'value', key: 'b', bytes: Buffer.alloc(0) },
  { kind: 'line', text: 'END' },
  { kind: 'line', text: 'STORED' },
];

const readAll = (pieces: readonly Buffer[]): readonly Reply[] => {
  const reader = new ReplyReader(100);
  return pieces.flatMap((piece) => [...reader.read(piece)]);
};

const plain = (replies: readonly Reply[]): readonly unknown[] =>
  replies.map((reply) => (reply.kind === 'line' ? reply : { ...reply, bytes: [...reply.bytes] }));

describe('replies of a memcached server', () => {
  test('are read in whatever pieces they come', () => {
    for (let size = 1; size <= SENT.length; size++) {
      const pieces = [];
      for (let at = 0; at < SENT.length; at += size) pieces.push(SENT.subarray(at, at + size));
      assert.deepEqual(plain(readAll(pieces)), plain(REPLIES), `pieces of ${size} bytes`);
    }
  });

  test('are refused where a value is longer than is allowed, before it comes', () => {
    assert.throws(() => readAll([Buffer.from('VALUE a 0 101\r\n')]), {
      message: 'it sent a value of 101 bytes; 100 are the limit',
    });
  });

  test('are refused where a line does not end', () => {
    const piece = Buffer.alloc(1000, 'x');
    assert.throws(() => readAll([piece, piece]), { message: 'it sent a line of more than 1024 bytes' });
  });

  test('are refused where a value has another length than was told', () => {
    assert.throws(() => readAll([Buffer.from('VALUE a 0 3\r\nabcd\r\nEND\r\n')]), {
      message: 'it sent a value of another length than it told',
    });
  });
});
