import type { ExportedSeries } from '../../../gateway/raw/export.ts';
import { formatFloat } from '../../../model/format-decimal.ts';
import { formatMetric } from '../../../model/format-labels.ts';
import { formatHistogram } from '../../../model/histogram/format.ts';
import type { SampleColumns } from '../../../model/sample-columns.ts';
import { isMarker } from '../../../model/stale.ts';
import type { Pause } from '../../chunks.ts';
import { TEXT_PIECE } from '../../../wire/text-piece.ts';

/** A row a sample: the series as PromQL writes it, the time in ms, and the value as Prometheus prints it, or `stale` (RFC 4180). */
export function* encodeCsv<T extends ExportedSeries | Pause>(
  series: Iterable<T>,
): Generator<string | Extract<T, Pause>> {
  let text = 'series,timestamp,value\r\n';
  for (const one of series) {
    if (one instanceof Promise) {
      yield one as Extract<T, Pause>;
      continue;
    }
    const { labels, columns } = one;
    const head = field(formatMetric(labels));
    for (let i = 0; i < columns.length; i++) {
      text += `${head},${columns.t[i]},${valueText(columns, i)}\r\n`;
      if (text.length < TEXT_PIECE) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

function valueText(columns: SampleColumns, i: number): string {
  if (isMarker(columns, i)) return 'stale';
  const histogram = columns.h?.passing(i);
  return histogram === undefined ? formatFloat(columns.v[i]!) : field(formatHistogram(histogram));
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
