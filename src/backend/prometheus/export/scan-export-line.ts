import { EMPTY_LABELS, type Labels } from '../../../model/labels.ts';
import type { Pace } from '../../../model/pacer.ts';
import { copyColumns, SampleBuffer, type SampleColumns } from '../../../model/sample-columns.ts';
import { STALE_NAN } from '../../../model/stale.ts';
import { EndpointError } from '../../endpoint-error.ts';
import { JsonCursor } from '../json-cursor.ts';
import { scanMetric } from '../matrix-scanner.ts';

/** How many values pass between two looks at the clock. */
const LOOK_EVERY = 1024;

/** Samples of a series, as one line of an export has them. */
export interface ExportLine {
  readonly metric: Labels;
  readonly columns: SampleColumns;
}

/**
 * Reads `{"metric":{…},"values":[…],"timestamps":[…]}` with times in ms, keys in any order. What JSON has no number for stands as a
 * bare or quoted word, depending on the version: `+Inf`, `"Infinity"`, `null`.
 * @param isNaNStale whether NaN stands for stale markers alone.
 * @param pace is asked every few values, because a line may have millions of them.
 * @throws EndpointError `bad_data` for anything else, and what the pace throws.
 */
export async function scanExportLine(line: Buffer, isNaNStale: boolean, pace: Pace): Promise<ExportLine> {
  const cursor = new JsonCursor(line);
  let metric = EMPTY_LABELS;
  const values: number[] = [];
  const times: number[] = [];
  for (const key of cursor.members()) {
    if (key === 'metric') metric = scanMetric(cursor);
    else if (key === 'values') await readList(cursor, values, () => cursor.numberOrNull(), pace);
    else if (key === 'timestamps') await readList(cursor, times, () => cursor.number(), pace);
    else cursor.skip();
  }
  if (cursor.peek() !== -1) throw cursor.unexpected('the end of the line');
  if (values.length !== times.length)
    throw new EndpointError('bad_data', 'its export is damaged: a line has not as many values as times', {
      retryAfterMs: 0,
    });
  const samples = new SampleBuffer(times.length);
  for (let i = 0; i < times.length; i++) {
    if (i % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    const value = values[i]!;
    samples.push(times[i]!, isNaNStale && Number.isNaN(value) ? STALE_NAN : value);
  }
  return { metric, columns: copyColumns(samples) };
}

async function readList(cursor: JsonCursor, list: number[], read: () => number, pace: Pace): Promise<void> {
  list.length = 0;
  for (const count of cursor.elements()) {
    if (count % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    list.push(read());
  }
}
