import type { ExportedSeries } from '../../../../src/gateway/raw/export.ts';
import type { FloatHistogram } from '../../../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { SampleBuffer } from '../../../../src/model/sample-columns.ts';

/** A series with a sample a second, from second 1 on. */
export function seriesOf(
  labels: Readonly<Record<string, string>>,
  values: readonly (number | FloatHistogram)[],
): ExportedSeries {
  const columns = new SampleBuffer();
  for (const [i, value] of values.entries()) {
    if (typeof value === 'number') columns.push(1000 * (i + 1), value);
    else columns.pushHistogram(1000 * (i + 1), value);
  }
  return { labels: labelsFromRecord(labels), columns };
}
