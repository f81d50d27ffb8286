import { SYSTEM_CLOCK } from '../model/clock.ts';
import type { SelectionContext } from './context.ts';
import { explainSelect } from './explaining/explain-selection.ts';
import { mergedLabelNames, mergedLabelValues, mergedSeries } from './lists/label-calls.ts';
import { createMergedLists } from './lists/merged-lists.ts';
import type { Selection } from './selection.ts';
import { selectChunks } from './series/chunk-set.ts';
import { createSource } from './series/select-series.ts';

/** A {@link SelectionContext}; the clock is the system's where none is given. */
export type SelectionSettings = Omit<SelectionContext, 'clock' | 'sharers'> &
  Partial<Pick<SelectionContext, 'clock'>>;

/** Offers all endpoints of a topology as one server. */
export function createSelection(settings: SelectionSettings): Selection {
  const context: SelectionContext = { clock: SYSTEM_CLOCK, sharers: new WeakSet(), ...settings };
  return {
    source: (scope) => createSource(context, scope),
    chunks: (scope, request) => selectChunks(context, scope, request),
    explain: (scope, request, limits) => explainSelect(context, scope, request, limits),
    series: (scope, request) => mergedSeries(context, scope, request),
    labelNames: (scope, request) => mergedLabelNames(context, scope, request),
    labelValues: (scope, label, request) => mergedLabelValues(context, scope, label, request),
    lists: createMergedLists(context),
    topology: () => context.topology(),
    status: () => context.status?.() ?? { checkedAt: new Map(), sources: [] },
  };
}
