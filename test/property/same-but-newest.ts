import assert from 'node:assert/strict';
import type { read } from '../select/read-once/world.ts';

/** So much of the newest samples may come from another replica where all are read: what that scraped since the speaker did. */
const NEWEST_MS = 1.5 * 300_000;

/**
 * That an answer has all series of another one, and of each the same samples, but for the newest.
 * @param at the time of both, ms after the start.
 */
export function assertSameButNewest(
  { series, annotations }: Awaited<ReturnType<typeof read>>,
  expected: Awaited<ReturnType<typeof read>>,
  at: number,
): void {
  assert.deepEqual(annotations, expected.annotations);
  assert.deepEqual(series.map(labelsOf), expected.series.map(labelsOf));
  for (const [i, text] of series.entries()) {
    const [own, all] = [samplesOf(text), samplesOf(expected.series[i]!)];
    assert.deepEqual(all.slice(0, own.length), own);
    for (const sample of all.slice(own.length)) assert.ok(Number(sample.split('=')[0]) > at - NEWEST_MS);
  }
}

function labelsOf(series: string): string {
  return series.slice(0, series.indexOf(': '));
}

function samplesOf(series: string): readonly string[] {
  return series.slice(series.indexOf(': ') + 2).split(' ');
}
