import { SampleBuffer, appendWithin } from '../model/sample-columns.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { SelectedSeries, SelectedSet } from './series-source.ts';

/**
 * A set without the samples outside of the range that it was selected for. Prometheus' storage leaves these out, so a
 * part of the query that looks beyond its range must not find them.
 */
export function clipSet(set: SelectedSet, { minTime, maxTime }: TimeRange): SelectedSet {
  const all = new SampleBuffer();
  const series = set.series.map((whole): SelectedSeries => ({
    get labels() {
      return whole.labels;
    },
    dropName: false,
    read(target) {
      whole.read(all);
      target.clear();
      appendWithin(target, all, minTime, maxTime);
    },
  }));
  return {
    series,
    // Not before it is asked for: reading adds to it.
    get annotations() {
      return set.annotations;
    },
  };
}
