/** Fewer spacings than this say nothing about an interval: one missed scrape among two would pass for the rule. */
export const MIN_SPACINGS = 3;

/** Spacings that are looked at in one range; of more, evenly spread ones. */
export const MAX_SPACINGS = 240;

const scratch = new Float64Array(MAX_SPACINGS);

/**
 * Median spacing in ms of the samples [from, to) of ascending timestamps `t`; NaN where there are fewer than `least`
 * spacings. Of an even number the lower middle: between a healthy spacing and that of a missed scrape, the healthy one.
 */
export function medianSpacing(t: Float64Array, from: number, to: number, least: number): number {
  const spacings = to - from - 1;
  if (spacings < least) return Number.NaN;
  const stride = Math.ceil(spacings / MAX_SPACINGS);
  let count = 0;
  for (let i = from + 1; i < to; i += stride) scratch[count++] = t[i]! - t[i - 1]!;
  return smallest((count - 1) >>> 1, count);
}

/** The element of rank `k` among the first `count` of the scratch column, in linear time on average (Hoare). */
function smallest(k: number, count: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = scratch[(low + high) >>> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (scratch[i]! < pivot) i++;
      while (scratch[j]! > pivot) j--;
      if (i > j) break;
      const swapped = scratch[i]!;
      scratch[i++] = scratch[j]!;
      scratch[j--] = swapped;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return scratch[k]!;
}
