import assert from 'node:assert/strict';
import type { QueryAnswer, QueryValue } from '../../src/engine/answer.ts';
import { formatLabels } from '../../src/model/format-labels.ts';

/** How much sums may differ that were added in another order, of the greatest of what was added. */
export const TOLERANCE = 1e-12;

/** The floats of an answer by labels and time; a text stands for a histogram. */
export function valuesOf(value: QueryValue): ReadonlyMap<string, number | string> {
  const all = new Map<string, number | string>();
  if (value.kind === 'scalar') all.set(`@${value.t}`, value.v);
  else if (value.kind === 'vector')
    for (const { labels, t, v, h } of value.samples)
      all.set(`${formatLabels(labels)}@${t}`, h === undefined ? v : JSON.stringify(h));
  else if (value.kind === 'matrix')
    for (const { labels, columns } of value.series)
      for (let i = 0; i < columns.length; i++) {
        const histogram = columns.h?.at(i);
        all.set(
          `${formatLabels(labels)}@${columns.t[i]}`,
          histogram === undefined ? columns.v[i]! : JSON.stringify(histogram),
        );
      }
  return all;
}

/** That two answers have the same series at the same times with the same values, sums but for their last digits. */
export function assertNearlySame(
  actual: Pick<QueryAnswer, 'value'>,
  expected: Pick<QueryAnswer, 'value'>,
  what: string,
  tolerance: number = TOLERANCE,
): void {
  const [own, other] = [valuesOf(actual.value), valuesOf(expected.value)];
  assert.deepEqual([...own.keys()].sort(), [...other.keys()].sort(), what);
  for (const [key, value] of own) {
    const wanted = other.get(key)!;
    if (Object.is(value, wanted)) continue;
    const isNear =
      typeof value === 'number' &&
      typeof wanted === 'number' &&
      Math.abs(value - wanted) <= tolerance * Math.max(Math.abs(value), Math.abs(wanted));
    assert.ok(isNear, `${what}: ${key} is ${value} and not ${wanted}`);
  }
}
