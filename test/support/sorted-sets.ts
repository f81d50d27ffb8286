import { DistinctSeries } from '../../src/backend/store-api/distinct-series.ts';
import type { Labels } from '../../src/model/labels.ts';
import { OpenSeries } from '../../src/wire/batch/lists/open-series.ts';
import type { SortedSets } from '../../src/wire/batch/lists/sorted-sets.ts';
import { testPacer } from './pace.ts';

/** Series as they are sent, packed and in order. */
export function sortedSetsOf(series: readonly Labels[]): Promise<SortedSets> {
  const sets = new DistinctSeries({ take: () => undefined, give: () => undefined });
  const open = new OpenSeries(sets);
  for (const labels of series) open.add(labels);
  return sets.first(0, testPacer());
}
