import { parseDurationParameter } from './duration.ts';

/** Reads `step` in ms. What is finer than a nanosecond is lost, so the shortest steps are none. */
export function parseStep(text: string): number {
  const ms = parseDurationParameter(text);
  return Math.abs(ms) < 1e-6 ? 0 : ms;
}
