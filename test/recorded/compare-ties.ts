import { parseApiNumber, sameNumber } from './compare-numbers.ts';
import type { ApiResponse } from './corpus.ts';

/**
 * Compares answers by value alone, time by time: of equal values, `topk` and `bottomk` may keep those of other series
 * than the server did.
 */
export function tieProblem(expected: ApiResponse, actual: ApiResponse, epsilon?: number): string | undefined {
  const [wanted, got] = [valuesByTime(expected), valuesByTime(actual)];
  for (const time of new Set([...wanted.keys(), ...got.keys()])) {
    const [a, b] = [wanted.get(time) ?? [], got.get(time) ?? []];
    if (a.length !== b.length || a.some((value, i) => !sameNumber(value, b[i]!, epsilon)))
      return `at ${time}: expected the values ${a.join(' ')}, got ${b.join(' ')}`;
  }
  return undefined;
}

function valuesByTime({ data }: ApiResponse): ReadonlyMap<number, readonly string[]> {
  const byTime = new Map<number, string[]>();
  for (const { value, values } of data?.result ?? []) {
    for (const [time, text] of values ?? (value === undefined ? [] : [value])) {
      const known = byTime.get(time) ?? byTime.set(time, []).get(time)!;
      known.push(text);
    }
  }
  for (const values of byTime.values()) values.sort((a, b) => parseApiNumber(a) - parseApiNumber(b));
  return byTime;
}
