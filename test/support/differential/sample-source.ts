import type { SeriesSource } from '../../../src/engine/series-source.ts';
import { appendRange, type SampleBuffer } from '../../../src/model/sample-columns.ts';
import { compileMatchers } from '../../../src/promql/match/compile.ts';
import type { SampleSeries } from './sample-series.ts';

/** Series in memory, ordered by labels, as the engine's source. */
export function sampleSource(all: readonly SampleSeries[]): SeriesSource {
  return {
    select: ({ matchers }) => {
      const matches = compileMatchers(matchers);
      const series = all
        .filter(({ labels }) => matches(labels))
        .map(({ labels, columns }) => ({
          labels,
          dropName: false as const,
          read: (target: SampleBuffer): void => {
            target.clear();
            appendRange(target, columns, 0, columns.length);
          },
        }));
      return Promise.resolve({ series, annotations: [] });
    },
  };
}
