import * as fc from 'fast-check';

/** Cuts bytes off at the end, flips bits, or both. */
export function damaged(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const flips = fc.array(position, { maxLength: 4 });
  return fc.tuple(bytes, fc.oneof(fc.constant(1), position), flips).map(([whole, kept, flips]) => {
    const copy = whole.slice(0, Math.ceil(whole.length * kept));
    for (const flip of flips) {
      const bit = Math.floor(flip * copy.length * 8);
      if (copy.length > 0) copy[bit >>> 3]! ^= 1 << (bit & 7);
    }
    return copy;
  });
}
