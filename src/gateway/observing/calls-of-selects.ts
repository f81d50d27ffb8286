import type { SeriesSource } from '../../engine/series-source.ts';
import type { EndpointCall, RequestJournal } from '../../model/request-journal.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { Selection } from '../../select/selection.ts';

/** Of one select; the others are many of the same. A query may have hundreds of selects. */
const MOST_CALLS = 100;

/** The source of one query, and which calls to endpoints each select of its plan made. */
export function notingCalls(
  selection: Pick<Selection, 'source'>,
  scope: RequestScope,
): { readonly source: SeriesSource; readonly calls: () => ReadonlyMap<number, readonly EndpointCall[]> } {
  const whole = selection.source(scope);
  const journals = new Map<number, RequestJournal>();
  const select: SeriesSource['select'] = (request, signal) => {
    if (request.number === undefined) return whole.select(request, signal);
    const journal = scope.journal.part(MOST_CALLS);
    journals.set(request.number, journal);
    return selection.source({ ...scope, journal }).select(request, signal);
  };
  return {
    source: { ...whole, select },
    calls: () => new Map(Array.from(journals, ([number, { calls }]) => [number, calls])),
  };
}
