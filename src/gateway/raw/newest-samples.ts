import { readGivingWay, type SelectedSeries } from '../../engine/series-source.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { HistogramColumn } from '../../model/histogram/histogram-column.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import type { NamedSample } from '../../model/named-sample.ts';
import { sortPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';
import { firstAtOrAfter, SampleBuffer } from '../../model/sample-columns.ts';
import { isMarker } from '../../model/stale.ts';
import type { TimeRange } from '../../model/time-range.ts';

/** Bytes that a series takes beside its histogram, and a name beside its characters. */
export const NEWEST_BYTES = 28;
const NAME_BYTES = 60;

/** The newest samples of series, in columns: a million of them are 28 MB, and no texts but the metric names. */
export class NewestSamples {
  readonly #series: ItemList<SelectedSeries>;
  readonly #places: Uint32Array;
  readonly #names: Uint32Array;
  readonly #t: Float64Array;
  readonly #v: Float64Array;
  readonly #h = new HistogramColumn();
  readonly #idOf = new Map<string, number>();
  #order: Uint32Array = new Uint32Array(0);
  #bytes = 0;
  #length = 0;
  #leftOut = 0;

  constructor(series: ItemList<SelectedSeries>) {
    const { length } = series;
    this.#series = series;
    this.#places = new Uint32Array(length);
    this.#names = new Uint32Array(length);
    this.#t = new Float64Array(length);
    this.#v = new Float64Array(length);
  }

  /** What histograms and names take; bytes. */
  get bytes(): number {
    return this.#bytes + this.#h.byteLength;
  }

  /** Series whose newest sample is a histogram that is not taken. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /**
   * Reads all series and keeps of each the newest sample in the range, if that is no stale marker. Series without a metric name
   * are left out, as a scraper cannot read them.
   */
  async read(range: TimeRange, takes: (h: FloatHistogram) => boolean, pacer: Pacer): Promise<void> {
    const samples = new SampleBuffer();
    for (let place = 0; place < this.#series.length; place++) {
      if (pacer.due()) await pacer.breathe();
      const series = this.#series.at(place)!;
      const reading = readGivingWay(series, samples, pacer);
      if (reading !== undefined) await reading;
      this.#take(place, series.metricName ?? '', samples, range, takes);
    }
    await this.#sort(pacer);
  }

  #take(
    place: number,
    name: string,
    samples: SampleBuffer,
    { minTime, maxTime }: TimeRange,
    takes: (h: FloatHistogram) => boolean,
  ): void {
    const newest = firstAtOrAfter(samples, maxTime + 1) - 1;
    if (name === '' || newest < 0 || samples.t[newest]! < minTime || isMarker(samples, newest)) return;
    const { h } = samples;
    if (h?.has(newest) === true) {
      if (!takes(h.passing(newest)!)) {
        this.#leftOut++;
        return;
      }
      this.#h.copy(this.#length, h, newest);
    }
    this.#places[this.#length] = place;
    this.#names[this.#length] = this.#nameId(name);
    this.#t[this.#length] = samples.t[newest]!;
    this.#v[this.#length] = samples.v[newest]!;
    this.#length++;
  }

  #nameId(name: string): number {
    let id = this.#idOf.get(name);
    if (id === undefined) {
      id = this.#idOf.size;
      this.#idOf.set(name, id);
      this.#bytes += NAME_BYTES + name.length;
    }
    return id;
  }

  /** By name: a label may sort before the name, such as one with a capital letter. */
  async #sort(pacer: Pacer): Promise<void> {
    const sorted = await sortPaced([...this.#idOf.keys()], compareStrings, pacer);
    const rankOf = new Uint32Array(sorted.length);
    sorted.forEach((name, rank) => {
      rankOf[this.#idOf.get(name)!] = rank;
    });
    const next = new Uint32Array(sorted.length + 1);
    for (let i = 0; i < this.#length; i++) next[rankOf[this.#names[i]!]! + 1]!++;
    for (let rank = 1; rank <= sorted.length; rank++) next[rank]! += next[rank - 1]!;
    this.#order = new Uint32Array(this.#length);
    for (let i = 0; i < this.#length; i++) this.#order[next[rankOf[this.#names[i]!]!]!++] = i;
  }

  /** Sorted by name, then by labels. */
  *[Symbol.iterator](): Generator<NamedSample> {
    for (const i of this.#order) {
      const { labels, metricName } = this.#series.at(this.#places[i]!)!;
      yield { name: metricName!, labels, t: this.#t[i]!, v: this.#v[i]!, h: this.#h.at(i) };
    }
  }
}
