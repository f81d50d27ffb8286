/** How long an endpoint usually takes, by the size of its answers; undefined where there was none of that size. Immutable. */
export type UsualTimes = readonly (UsualTime | undefined)[];

/** ms. */
export interface UsualTime {
  readonly mean: number;
  /** How far answers are from the mean, on average. */
  readonly deviation: number;
}

/** Sizes are told apart by factors of 4, from 4 KiB to 4 GiB. */
const SIZES = 12;
const LEAST_BYTES = 4096;

export const NOTHING_USUAL: UsualTimes = Array.from({ length: SIZES }, () => undefined);

/** The weights of a new answer, as in the round-trip time of TCP (RFC 6298). */
const MEAN_GAIN = 1 / 8;
const DEVIATION_GAIN = 1 / 4;

/** Takes an answer of so many bytes into account that took so long, ms. */
export function learnTime(times: UsualTimes, bytes: number, ms: number): UsualTimes {
  const size = sizeOf(bytes);
  const known = times[size];
  return times.with(size, known === undefined ? { mean: ms, deviation: ms / 2 } : moved(known, ms));
}

/** How long answers of about so many bytes take; by those of the nearest size where there was none. */
export function usualTime(times: UsualTimes, bytes: number): UsualTime | undefined {
  const size = sizeOf(bytes);
  for (let distance = 0; distance < SIZES; distance++) {
    const near = times[size + distance] ?? times[size - distance];
    if (near !== undefined) return near;
  }
  return undefined;
}

function moved({ mean, deviation }: UsualTime, ms: number): UsualTime {
  return {
    mean: mean + MEAN_GAIN * (ms - mean),
    deviation: deviation + DEVIATION_GAIN * (Math.abs(ms - mean) - deviation),
  };
}

function sizeOf(bytes: number): number {
  if (bytes <= LEAST_BYTES) return 0;
  return Math.min(SIZES - 1, Math.ceil(Math.log2(bytes / LEAST_BYTES) / 2));
}
