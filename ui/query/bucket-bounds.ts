import { valueText } from '../text/numbers.ts';

/** Prometheus numbers which ends are a part of a bucket: 0 the upper one, 1 the lower one, 2 none, 3 both. */
export function hasLowerEnd(ends: number): boolean {
  return ends === 1 || ends === 3;
}

export function hasUpperEnd(ends: number): boolean {
  return ends === 0 || ends === 3;
}

export function boundsText(ends: number, low: number, high: number): string {
  return `${hasLowerEnd(ends) ? '[' : '('}${valueText(low)}, ${valueText(high)}${hasUpperEnd(ends) ? ']' : ')'}`;
}
