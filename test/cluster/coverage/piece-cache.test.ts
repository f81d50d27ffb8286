import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PIECE_MS, pieceBytes, type Piece } from '../../../src/cluster/coverage/piece.ts';
import { PieceCache } from '../../../src/cluster/coverage/piece-cache.ts';

function pieceAt(number: number, targets = 10): Piece {
  const column = new Int32Array(targets);
  return {
    start: number * PIECE_MS,
    targets: column,
    ends: new Uint32Array(targets),
    firsts: column,
    lasts: column,
    facts: column,
  };
}

const BYTES = pieceBytes(pieceAt(0));

test('the piece that was not used for longest goes first', () => {
  const cache = new PieceCache<string>(2 * BYTES);
  cache.put('a', pieceAt(1));
  cache.put('a', pieceAt(2));
  cache.get('a', PIECE_MS);
  cache.put('a', pieceAt(3));
  assert.deepEqual(
    [1, 2, 3].map((number) => cache.has('a', number * PIECE_MS)),
    [true, false, true],
  );
  assert.equal(cache.bytes, 2 * BYTES);
});

test('an endpoint that takes more and more costs no other its pieces', () => {
  const cache = new PieceCache<string>(4 * BYTES);
  cache.put('a', pieceAt(1));
  for (let number = 0; number < 20; number++) cache.put('hostile', pieceAt(number, 15));
  assert.ok(cache.has('a', PIECE_MS));
  assert.ok(cache.bytes <= 4 * BYTES);
});

test('what is put again counts once, and what is forgotten not at all', () => {
  const cache = new PieceCache<string>(4 * BYTES);
  cache.put('a', pieceAt(1));
  cache.put('a', pieceAt(1));
  assert.deepEqual([cache.bytes, cache.size], [BYTES, 1]);
  cache.forget('a');
  assert.deepEqual([cache.bytes, cache.size, cache.get('a', PIECE_MS)], [0, 0, undefined]);
});
