import type { SelectionContext } from './context.ts';
import { mergedLabelNames, mergedLabelValues, mergedSeries } from './label-calls.ts';
import type { Selection } from './selection.ts';
import { createSource } from './source.ts';

/** Offers all endpoints of a topology as one server. */
export function createSelection(context: SelectionContext): Selection {
  return {
    source: (options) => createSource(context, options),
    series: (request, options, signal) => mergedSeries(context, request, options, signal),
    labelNames: (request, options, signal) => mergedLabelNames(context, request, options, signal),
    labelValues: (label, request, options, signal) =>
      mergedLabelValues(context, label, request, options, signal),
  };
}
