import type { Annotation } from '../../src/model/annotations.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { compareLabels, labelsFrom, type Labels } from '../../src/model/labels.ts';
import { SampleBuffer, appendRange, type SampleColumns } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import type { SelectRequest, SelectedSet, SeriesSource } from '../../src/engine/series-source.ts';
import { compileMatchers } from '../../src/promql/match/compile.ts';

/** A float, a histogram, or a stale marker, whose bits would not survive in an array of numbers. */
type Value = number | FloatHistogram | 'stale';

/** Time in ms, value, and a start time where there is one. */
export type Point = readonly [t: number, value: Value, start?: number];

export interface SourceSeries {
  readonly labels: Labels;
  readonly columns: SampleColumns;
}

/** Reads `name{label="value"}` without any escapes. */
export function labelsOf(text: string): Labels {
  const [, name = '', rest = ''] = /^([^{]*)(?:\{(.*)\})?$/.exec(text) ?? [];
  const pairs = [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]): [string, string] => [
    key!,
    value!,
  ]);
  return labelsFrom([['__name__', name], ...pairs]);
}

/** Columns from points; times must ascend. */
export function columnsOf(points: readonly Point[]): SampleBuffer {
  const columns = new SampleBuffer(points.length);
  for (const [t, value, start] of points) {
    if (value === 'stale') columns.push(t, STALE_NAN);
    else if (typeof value === 'number') columns.push(t, value);
    else columns.pushHistogram(t, value);
    if (start !== undefined) columns.setStart(start);
  }
  return columns;
}

/** A series with one value every `interval` ms from time 0 on; undefined leaves a gap. */
export function everyInterval(interval: number, values: readonly (Value | undefined)[]): readonly Point[] {
  return values.flatMap((value, i): Point[] => (value === undefined ? [] : [[i * interval, value]]));
}

/**
 * Series in memory for tests of the engine: keys are series as {@link labelsOf} reads them. Requests are kept in
 * `requests`, and `annotations` come with every answer.
 */
export class PointSource implements SeriesSource {
  readonly requests: SelectRequest[] = [];
  readonly annotations: readonly Annotation[];
  readonly #series: readonly SourceSeries[];

  constructor(series: Readonly<Record<string, readonly Point[]>>, annotations: readonly Annotation[] = []) {
    this.annotations = annotations;
    this.#series = Object.entries(series)
      .map(([text, points]) => ({ labels: labelsOf(text), columns: columnsOf(points) }))
      .sort((a, b) => compareLabels(a.labels, b.labels));
  }

  select(request: SelectRequest): Promise<SelectedSet> {
    this.requests.push(request);
    const matches = compileMatchers(request.matchers);
    const series = this.#series
      .filter(({ labels }) => matches(labels))
      .map(({ labels, columns }) => ({
        labels,
        dropName: false as const,
        read: (target: SampleBuffer): void => {
          target.clear();
          appendRange(target, columns, 0, columns.length);
        },
      }));
    return Promise.resolve({ series, annotations: this.annotations });
  }
}
