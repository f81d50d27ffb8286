import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { crc32c } from '../../src/wire/crc32c.ts';
import { assertProperty } from '../support/property.ts';

// The check value of the algorithm, and examples of RFC 3720, appendix B.4.
const ASCENDING = Uint8Array.from({ length: 32 }, (_, i) => i);
const EXAMPLES: readonly (readonly [what: string, bytes: Uint8Array, checksum: number])[] = [
  ['nothing', new Uint8Array(0), 0],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', ASCENDING, 0x46dd794e],
  ['31 to 0', ASCENDING.toReversed(), 0x113fdb5c],
];

for (const [what, bytes, checksum] of EXAMPLES)
  it(`crc32c of ${what}`, () => assert.equal(crc32c(bytes), checksum));

it('crc32c agrees with the definition, bit by bit, at every length', () => {
  assertProperty(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => assert.equal(crc32c(bytes), bitByBit(bytes))),
    { seed: 5 },
  );
});

it('crc32c of bytes that fill its lanes and its memory, and of a part of them', () => {
  const bytes = Uint8Array.from({ length: 110_000 }, (_, i) => (i * i + (i >>> 7)) & 255);
  for (const length of [3071, 3072, 3073, 6144, 49_151, 49_152, 49_153, 52_224, 98_304, 109_000])
    for (const start of [0, 1, 997])
      assert.equal(
        crc32c(bytes, start, start + length),
        bitByBit(bytes.subarray(start, start + length)),
        `${length} bytes from ${start} on`,
      );
});

it('crc32c of bytes in two pieces is that of all of them', () => {
  assertProperty(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(50), (bytes, cut) => {
      const at = Math.min(cut, bytes.length);
      assert.equal(crc32c(bytes, at, bytes.length, crc32c(bytes, 0, at)), crc32c(bytes));
    }),
    { seed: 5 },
  );
});

function bitByBit(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
  }
  return ~crc >>> 0;
}
