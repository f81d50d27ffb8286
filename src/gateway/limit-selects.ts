import type { SeriesSource } from '../engine/series-source.ts';
import { atMost } from '../model/fair-queue.ts';

/**
 * The same source for one query, of whose selects so many run at the same time, as Thanos' `--query.max-concurrent-select`
 * does it. The others follow in the order in which the query asks, so that a query with many selectors does not hold all
 * that it reads in flight, and leaves lanes to endpoints to others.
 */
export function limitSelects(source: SeriesSource, atOnce: number): SeriesSource {
  const inTurn = atMost(atOnce);
  return {
    ...source,
    select: (request, signal) => inTurn(signal, () => source.select(request, signal)),
  };
}
