import type { EndpointNote } from '../answered.ts';
import { labelsFrom } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import type { Pace } from '../../model/pacer.ts';
import { SampleBuffer, copyColumns } from '../../model/sample-columns.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { annotationsOf, checkStatus } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import { JsonCursor } from './json-cursor.ts';
import type { JsonBucket, JsonHistogram } from './json-histogram.ts';

/** One series of a matrix: floats as columns, histograms still as bucket lists. */
export interface MatrixSeries {
  readonly metric: Labels;
  readonly floats: SampleColumns;
  readonly histograms: readonly JsonHistogram[];
}

export interface Matrix {
  readonly series: readonly MatrixSeries[];
  readonly annotations: readonly EndpointNote[];
}

/**
 * Reads the answer of an instant query for a range selector
 * (`{"status":…,"data":{"resultType":"matrix","result":[…]}}`), keys in any order. One pass over the bytes,
 * which gives way between series.
 * @throws EndpointError `bad_data` for anything else, and what the pace throws.
 */
export async function scanMatrix(body: Buffer, pace: Pace): Promise<Matrix> {
  const cursor = new JsonCursor(body);
  const envelope: Record<string, unknown> = {};
  let series: readonly MatrixSeries[] | undefined;
  for (const key of cursor.members()) {
    if (key === 'data') series = await scanData(cursor, pace);
    else envelope[key] = cursor.value();
  }
  if (cursor.peek() !== -1) throw cursor.unexpected('the end');
  checkStatus(envelope);
  if (series === undefined) throw new EndpointError('bad_data', 'the answer to the query holds no matrix');
  return { series, annotations: annotationsOf(envelope) };
}

async function scanData(cursor: JsonCursor, pace: Pace): Promise<readonly MatrixSeries[] | undefined> {
  const series: MatrixSeries[] = [];
  const scratch = new SampleBuffer(1024);
  let type = '';
  for (const key of cursor.members()) {
    if (key === 'resultType') type = cursor.string();
    else if (key === 'result' && cursor.peek() === 0x5b)
      for (const _ of cursor.elements()) {
        series.push(scanSeries(cursor, scratch));
        if (pace.due()) await pace.breathe();
      }
    else cursor.skip();
  }
  return type === 'matrix' ? series : undefined;
}

function scanSeries(cursor: JsonCursor, floats: SampleBuffer): MatrixSeries {
  let metric: readonly (readonly [string, string])[] = [];
  const histograms: JsonHistogram[] = [];
  floats.clear();
  cursor.object((key) => {
    if (key === 'metric') metric = scanMetric(cursor);
    else if (key === 'values') scanFloats(cursor, floats);
    else if (key === 'histograms') cursor.array(() => histograms.push(scanHistogram(cursor)));
    else cursor.skip();
  });
  return { metric: labelsFrom(metric), floats: copyColumns(floats), histograms };
}

function scanMetric(cursor: JsonCursor): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  cursor.object((name) => pairs.push([name, cursor.string()]));
  return pairs;
}

function scanFloats(cursor: JsonCursor, floats: SampleBuffer): void {
  cursor.array(() => {
    cursor.expect('[');
    const t = cursor.milliseconds();
    cursor.expect(',');
    floats.push(t, cursor.number());
    cursor.expect(']');
  });
}

function scanHistogram(cursor: JsonCursor): JsonHistogram {
  cursor.expect('[');
  const t = cursor.milliseconds();
  cursor.expect(',');
  let count = 0;
  let sum = 0;
  const buckets: JsonBucket[] = [];
  cursor.object((key) => {
    if (key === 'count') count = cursor.number();
    else if (key === 'sum') sum = cursor.number();
    else if (key === 'buckets') cursor.array(() => buckets.push(scanBucket(cursor)));
    else cursor.skip();
  });
  cursor.expect(']');
  return { t, count, sum, buckets };
}

function scanBucket(cursor: JsonCursor): JsonBucket {
  cursor.expect('[');
  cursor.number();
  cursor.expect(',');
  const lower = cursor.number();
  cursor.expect(',');
  const upper = cursor.number();
  cursor.expect(',');
  const count = cursor.number();
  cursor.expect(']');
  return { lower, upper, count };
}
