import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { assertProperty, type Trials } from './property.ts';

/** Cuts bytes off at the end, flips bits, or both. */
export function damaged(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const flips = fc.array(position, { maxLength: 4 });
  return fc.tuple(bytes, fc.oneof(fc.constant(1), position), flips).map(([whole, kept, flips]) => {
    // Not slice: that of a Buffer is a view, and the damage would stay in what the next trial begins with.
    const copy = Uint8Array.from(whole.subarray(0, Math.ceil(whole.length * kept)));
    for (const flip of flips) {
      const bit = Math.floor(flip * copy.length * 8);
      if (copy.length > 0) copy[bit >>> 3]! ^= 1 << (bit & 7);
    }
    return copy;
  });
}

/**
 * Whatever the bytes are, `read` reads them or throws a `Refusal`, and nothing else. Fails too where all are read or all
 * refused: such bytes would say nothing.
 */
export function assertReadOrRefused(
  bytes: fc.Arbitrary<Uint8Array>,
  read: (bytes: Uint8Array) => void,
  Refusal: abstract new (...args: never) => Error,
  trials: Trials,
): void {
  let taken = 0;
  let refused = 0;
  assertProperty(
    fc.property(bytes, (bytes) => {
      try {
        read(bytes);
        taken++;
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        refused++;
      }
    }),
    trials,
  );
  assert.ok(taken > 0 && refused > 0, `${taken} were read, ${refused} refused`);
}
