/** Fewer spacings than this say nothing about an interval: one missed scrape among two would pass for the rule. */
const MIN_SPACINGS = 3;

/** Spacings that are looked at in one range: evenly spread, so that a median costs the same at any density. */
const MAX_SPACINGS = 15;

const scratch = new Float64Array(MAX_SPACINGS);

/**
 * Median spacing in ms of the samples [from, to) of ascending timestamps `t`; NaN where there are too few of them.
 * With an even number the lower middle: between a healthy spacing and that of a missed scrape, the healthy one.
 */
export function medianSpacing(t: Float64Array, from: number, to: number): number {
  const spacings = to - from - 1;
  if (spacings < MIN_SPACINGS) return Number.NaN;
  const stride = Math.ceil(spacings / MAX_SPACINGS);
  let count = 0;
  for (let i = from + 1; i < to; i += stride) {
    const spacing = t[i]! - t[i - 1]!;
    let at = count++;
    while (at > 0 && scratch[at - 1]! > spacing) {
      scratch[at] = scratch[at - 1]!;
      at--;
    }
    scratch[at] = spacing;
  }
  return scratch[(count - 1) >>> 1]!;
}
