/**
 * How far rate, increase and delta stretch what a window saw to the whole window, as Prometheus' extrapolatedRate:
 * to the window's edge where the nearest sample is within 1.1 average intervals of it, else by half an interval, but
 * never to before a counter's zero.
 *
 * @param samples number of samples in the window.
 * @param firstTime,lastTime of the samples; ms like the window's edges.
 * @param firstToRise value of the first sample over the rise, which places the zero of a counter; Infinity where there
 * is no zero to respect.
 * @param countedSince start timestamp inside of the window before the first sample, from where the rise was counted;
 * 0 where there is none.
 * @returns the factor for the rise.
 */
export function extrapolationFactor(
  samples: number,
  firstTime: number,
  lastTime: number,
  windowStart: number,
  windowEnd: number,
  firstToRise: number,
  countedSince: number,
): number {
  let sampled = (lastTime - firstTime) / 1000;
  const average = samples > 1 ? sampled / (samples - 1) : 0;
  const threshold = average * 1.1;

  let toStart = (firstTime - windowStart) / 1000;
  if (countedSince !== 0) {
    toStart = 0;
    sampled = (lastTime - countedSince) / 1000;
  } else {
    if (toStart >= threshold) toStart = average / 2;
    const toZero = sampled * firstToRise;
    if (toZero < toStart) toStart = toZero;
  }

  let toEnd = (windowEnd - lastTime) / 1000;
  if (toEnd >= threshold) toEnd = average / 2;
  return sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled;
}

/**
 * Length of a window in seconds, rounded like Go's `Duration.Seconds`: whole seconds and rest apart. Not by `%`,
 * which is a slow call.
 */
export function rangeSeconds(windowStart: number, windowEnd: number): number {
  const ms = windowEnd - windowStart;
  const whole = Math.floor(ms / 1000);
  return whole + (ms - whole * 1000) / 1000;
}
