/**
 * Signals of the simulated targets as pure functions of time (seconds), so that every replica that scrapes a target at
 * some moment sees the same truth, whenever it asks and in whatever order.
 */

/** A rate that swings around `base` (events per second) by `swing` (0 … 1) with `period` seconds. */
export interface Rhythm {
  readonly base: number;
  readonly swing: number;
  readonly period: number;
}

/** Events between `from` and `to`: the integral of base · (1 + swing · sin(2πt / period)), which never falls. */
export function eventsBetween({ base, swing, period }: Rhythm, from: number, to: number): number {
  const turn = (2 * Math.PI) / period;
  return base * (to - from + (swing / turn) * (Math.cos(turn * from) - Math.cos(turn * to)));
}

/** A smooth gauge: two sines of different length around a level. */
export function gaugeAt(level: number, spread: number, period: number, at: number): number {
  const wave =
    0.7 * Math.sin((2 * Math.PI * at) / period) + 0.3 * Math.sin((2 * Math.PI * at) / (period / 7.3));
  return Math.round((level + spread * wave) * 100) / 100;
}

/** Share of latencies below `seconds`: a log-logistic distribution around `median`. */
export function latencyShare(seconds: number, median: number, shape = 3): number {
  return seconds <= 0 ? 0 : 1 / (1 + (seconds / median) ** -shape);
}

/** A number in [0, 1) that depends on the text alone. */
export function fraction(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}
