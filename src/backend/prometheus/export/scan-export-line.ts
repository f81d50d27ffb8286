import { EMPTY_LABELS, type Labels } from '../../../model/labels.ts';
import { copyColumns, SampleBuffer, type SampleColumns } from '../../../model/sample-columns.ts';
import { STALE_NAN } from '../../../model/stale.ts';
import { EndpointError } from '../../endpoint-error.ts';
import { JsonCursor } from '../json-cursor.ts';
import { scanMetric } from '../matrix-scanner.ts';

/** Samples of a series, as one line of an export has them. */
export interface ExportLine {
  readonly metric: Labels;
  readonly columns: SampleColumns;
}

/**
 * Reads `{"metric":{…},"values":[…],"timestamps":[…]}` with times in ms, keys in any order. What JSON has no number for stands as a
 * bare or quoted word, depending on the version: `+Inf`, `"Infinity"`, `null`.
 * @param isNaNStale whether NaN stands for stale markers alone.
 * @throws EndpointError `bad_data` for anything else.
 */
export function scanExportLine(line: Buffer, isNaNStale: boolean): ExportLine {
  const cursor = new JsonCursor(line);
  let metric = EMPTY_LABELS;
  const values: number[] = [];
  const times: number[] = [];
  for (const key of cursor.members()) {
    if (key === 'metric') metric = scanMetric(cursor);
    else if (key === 'values') readList(cursor, values, () => cursor.numberOrNull());
    else if (key === 'timestamps') readList(cursor, times, () => cursor.number());
    else cursor.skip();
  }
  if (cursor.peek() !== -1) throw cursor.unexpected('the end of the line');
  if (values.length !== times.length)
    throw new EndpointError('bad_data', 'its export is damaged: a line has not as many values as times', {
      retryAfterMs: 0,
    });
  const samples = new SampleBuffer(times.length);
  for (let i = 0; i < times.length; i++) {
    const value = values[i]!;
    samples.push(times[i]!, isNaNStale && Number.isNaN(value) ? STALE_NAN : value);
  }
  return { metric, columns: copyColumns(samples) };
}

function readList(cursor: JsonCursor, list: number[], read: () => number): void {
  list.length = 0;
  cursor.array(() => void list.push(read()));
}
