import type { ExemplarSeries } from '../../model/exemplar.ts';
import type {
  ExemplarsRequest as RequestMessage,
  ExemplarsResponse,
} from '../../wire/store-api/exemplars.ts';
import type { ExemplarsRequest } from '../list-calls.ts';
import { selectorText } from '../prometheus/selector-text.ts';

/** The call takes a query for its selectors alone, so any that holds them does. */
export function exemplarsRequest(
  { matcherSets, minTime, maxTime }: ExemplarsRequest,
  partialResponseStrategy: number,
): RequestMessage {
  return {
    query: matcherSets.map(selectorText).join(' + '),
    start: minTime,
    end: maxTime,
    partialResponseStrategy,
  };
}

export function readExemplars({ data }: ExemplarsResponse): readonly ExemplarSeries[] {
  if (data === undefined) return [];
  const exemplars = data.exemplars.map(({ labels, value, ts }) => ({ labels, value, t: ts }));
  return [{ labels: data.seriesLabels, exemplars }];
}
