import { compileMatchers } from '../../promql/match/compile.ts';
import type { RawData, RawSeries } from '../../model/raw-data.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import { cutToRange } from './time-range.ts';

export function selectSeries(series: readonly RawSeries[], request: BackendSelect): RawSeriesSet {
  const matches = compileMatchers(request.matchers);
  const selected = new SeriesBatch();
  let bytes = 0;
  for (const { labels, data } of series) {
    if (!matches(labels)) continue;
    const cut = cutToRange(data, request);
    if (cut === undefined) continue;
    selected.add(labels, cut);
    bytes += sizeOf(cut);
  }
  return { series: selected, annotations: [], bytes };
}

function sizeOf(data: RawData): number {
  if (data.kind === 'columns') return data.columns.t.byteLength + data.columns.v.byteLength;
  return data.chunks.reduce((total, chunk) => total + chunk.data.byteLength, 0);
}
