import type { SampleColumns } from './sample-columns.ts';

/**
 * Prometheus marks the end of a series with one special NaN (value/value.go: 0x7ff0000000000002). Its bits must
 * survive every copy, and an ordinary NaN sample must not be taken for it, so it is recognised by its bits.
 */
const STALE_HIGH = 0x7ff00000;
const STALE_LOW = 2;

const bits = new Uint32Array([STALE_LOW, STALE_HIGH]);
const scratch = new Float64Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The stale marker. Never compare with it: use {@link isStale} or {@link isStaleAt}. */
export const STALE_NAN: number = new Float64Array(bits.buffer)[0]!;

/** Whether sample `i` is a stale marker; that of a histogram series stands in the sum. */
export function isMarker({ v, h }: SampleColumns, i: number): boolean {
  return isStale(h?.has(i) === true ? h.sum[i]! : v[i]!);
}

export function isStale(value: number): boolean {
  if (value === value) return false;
  scratch[0] = value;
  return scratchBits[0] === STALE_LOW && scratchBits[1] === STALE_HIGH;
}
