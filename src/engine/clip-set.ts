import { SampleBuffer, appendWithin } from '../model/sample-columns.ts';
import type { Labels } from '../model/labels.ts';
import { LazyList } from '../model/lazy-list.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { SelectedSeries, SelectedSet } from './series-source.ts';

/**
 * A set without the samples outside of the range that it was selected for. Prometheus' storage leaves these out, so a
 * part of the query that looks beyond its range must not find them.
 */
export function clipSet(set: SelectedSet, { minTime, maxTime }: TimeRange): SelectedSet {
  const all = new SampleBuffer();
  const read = (whole: SelectedSeries, target: SampleBuffer): void => {
    whole.read(all);
    target.clear();
    appendWithin(target, all, minTime, maxTime);
  };
  const { series: whole } = set;
  const series = new LazyList(whole.length, (index) => new ClippedSeries(whole.at(index)!, read));
  return {
    series,
    // Not before it is asked for: reading adds to it.
    get annotations() {
      return set.annotations;
    },
  };
}

class ClippedSeries implements SelectedSeries {
  readonly #whole: SelectedSeries;
  readonly #read: (whole: SelectedSeries, target: SampleBuffer) => void;

  constructor(whole: SelectedSeries, read: (whole: SelectedSeries, target: SampleBuffer) => void) {
    this.#whole = whole;
    this.#read = read;
  }

  get labels(): Labels {
    return this.#whole.labels;
  }

  get dropName(): false {
    return false;
  }

  read(target: SampleBuffer): void {
    this.#read(this.#whole, target);
  }
}
