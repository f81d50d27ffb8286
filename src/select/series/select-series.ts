import type { SelectedSet, SeriesSource } from '../../engine/source.ts';
import { withSignal, type RequestScope } from '../../model/request-scope.ts';
import type { SelectionContext } from '../context.ts';
import { openSelect } from './open-select.ts';
import { selectedSeries } from './selected-series.ts';

/** Reads all shards and replicas as one server; decoding waits for the reader. */
export function createSource(context: SelectionContext, scope: RequestScope): SeriesSource {
  return {
    select: async (request, signal): Promise<SelectedSet> => {
      const { groups, findings, reading } = await openSelect(context, withSignal(scope, signal), request);
      return {
        series: selectedSeries(groups, reading),
        get annotations() {
          return findings.list();
        },
      };
    },
  };
}
