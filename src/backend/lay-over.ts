import type { Labels } from '../model/labels.ts';
import type { CallScope } from '../model/request-scope.ts';
import type { SeriesBatch } from '../wire/batch/series-batch.ts';
import { answerPacer } from './pace.ts';

/**
 * Lays labels over all series of an answer, which is changed, and takes from the budget what it grows by. Where both have
 * a name, `wins` says whose value counts.
 */
export async function layOver(
  series: SeriesBatch,
  labels: Labels,
  wins: 'extra' | 'series',
  scope: CallScope,
): Promise<void> {
  const { budget } = scope;
  const before = series.bytes;
  await series.overlay(labels, wins, answerPacer(scope));
  const grown = series.bytes - before;
  if (grown > 0) budget.take(grown);
  else budget.give(-grown);
}
