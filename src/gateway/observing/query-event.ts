import { isMissing } from '../../model/loss.ts';
import type { QueryEvent } from '../parts.ts';
import type { RunningQuery } from './running-query.ts';

/** What metrics and logs hear of a query that has ended. */
export function queryEvent(family: QueryEvent['family'], query: RunningQuery): QueryEvent {
  const { asked, scope, queuedMs, ageMs, samples, end } = query;
  const losses = end?.losses ?? [];
  const missing = losses.filter(isMissing).length;
  return {
    family,
    text: asked.text,
    ids: scope.ids,
    queuedMs,
    totalMs: ageMs,
    samples,
    error: end?.error,
    missing,
    replaced: losses.length - missing,
  };
}
