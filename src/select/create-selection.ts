import { SYSTEM_CLOCK } from '../model/clock.ts';
import { selectChunks } from './reading/chunk-set.ts';
import type { SelectionContext } from './context.ts';
import { explainSelect } from './explaining/explain-selection.ts';
import { mergedLabelNames, mergedLabelValues, mergedSeries } from './lists/label-calls.ts';
import { createOperations } from './lists/operations.ts';
import type { Selection } from './selection.ts';
import { createSource } from './reading/select-series.ts';

/** A {@link SelectionContext}; the clock is the system's where none is given. */
export type SelectionSettings = Omit<SelectionContext, 'clock'> & Partial<Pick<SelectionContext, 'clock'>>;

/** Offers all endpoints of a topology as one server. */
export function createSelection(settings: SelectionSettings): Selection {
  const context: SelectionContext = { clock: SYSTEM_CLOCK, ...settings };
  return {
    source: (options) => createSource(context, options),
    chunks: (request, hidden, options, signal) => selectChunks(context, request, hidden, options, signal),
    explain: (request, limits, options, signal) => explainSelect(context, request, limits, options, signal),
    series: (request, options, signal) => mergedSeries(context, request, options, signal),
    labelNames: (request, options, signal) => mergedLabelNames(context, request, options, signal),
    labelValues: (label, request, options, signal) =>
      mergedLabelValues(context, label, request, options, signal),
    operations: createOperations(context),
  };
}
