import { SampleBuffer, appendRange } from '../model/sample-columns.ts';
import type { SelectedSeries, SelectedSet, SelectRequest } from './source.ts';

/**
 * A set without the samples outside of the range that it was selected for. Prometheus' storage leaves them out, and
 * parts that look elsewhere than what was fetched for them would find them.
 */
export function clipSet(
  set: SelectedSet,
  { minTime, maxTime }: Pick<SelectRequest, 'minTime' | 'maxTime'>,
): SelectedSet {
  const all = new SampleBuffer();
  const series = set.series.map((whole): SelectedSeries => ({
    labels: whole.labels,
    read(target) {
      whole.read(all);
      let from = 0;
      let to = all.length;
      while (from < to && all.t[from]! < minTime) from++;
      while (to > from && all.t[to - 1]! > maxTime) to--;
      target.clear();
      appendRange(target, all, from, to);
    },
  }));
  return { ...set, series };
}
