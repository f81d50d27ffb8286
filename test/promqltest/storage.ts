import type { RawSeries } from '../../src/model/raw-data.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { type Labels, labelsKey } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { classicToNative } from './classic-to-native.ts';
import type { LoadCommand } from './script.ts';
import { storedHints } from './stored-hints.ts';

interface StoredSample {
  readonly t: number;
  readonly v: number;
  readonly histogram: FloatHistogram | undefined;
  /** Start timestamp in ms; 0 where unknown. */
  readonly st: number;
}

interface StoredSeries {
  readonly labels: Labels;
  readonly samples: StoredSample[];
}

/** What the `load` commands since the last `clear` have brought. */
export class ScriptStorage {
  readonly #series = new Map<string, StoredSeries>();

  clear(): void {
    this.#series.clear();
  }

  load({ interval, withCustomBuckets, series }: LoadCommand): void {
    const floats: { labels: Labels; t: number; v: number }[] = [];
    // Of the same series in one command, the last one counts.
    const distinct = new Map(series.map((one) => [labelsKey(one.labels), one]));
    for (const { labels, points, starts } of distinct.values()) {
      points.forEach((point, i) => {
        const t = i * interval;
        const offset = starts?.[i];
        const st = offset === undefined ? 0 : t + offset;
        if (point.kind === 'float') {
          this.#append(labels, { t, v: point.value, histogram: undefined, st });
          floats.push({ labels, t, v: point.value });
        } else if (point.kind === 'histogram') {
          this.#append(labels, { t, v: point.histogram.sum, histogram: point.histogram, st });
        }
      });
    }
    if (!withCustomBuckets) return;
    for (const { labels, samples } of classicToNative(floats)) {
      for (const { t, histogram } of samples) this.#append(labels, { t, v: histogram.sum, histogram, st: 0 });
    }
  }

  series(): readonly RawSeries[] {
    return [...this.#series.values()].map(({ labels, samples }) => ({
      labels,
      data: { kind: 'columns', columns: columnsOf(samples) },
    }));
  }

  #append(labels: Labels, sample: StoredSample): void {
    const key = labelsKey(labels);
    const { samples } = this.#series.get(key) ?? this.#series.set(key, { labels, samples: [] }).get(key)!;
    const last = samples.at(-1);
    if (last !== undefined && last.t >= sample.t) throw new Error(`sample at ${sample.t} ms is out of order`);
    samples.push(sample);
  }
}

function columnsOf(samples: readonly StoredSample[]): SampleBuffer {
  const columns = new SampleBuffer(samples.length);
  const hints = storedHints(samples.map(({ histogram }) => histogram));
  const withStarts = samples.some(({ st }) => st !== 0);
  samples.forEach(({ t, v, histogram, st }, i) => {
    if (histogram === undefined) columns.push(t, v);
    else columns.pushHistogram(t, { ...histogram, resetHint: hints[i]! });
    if (withStarts) columns.setStart(st);
  });
  return columns;
}
