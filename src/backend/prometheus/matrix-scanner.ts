import type { EndpointNote } from '../answered.ts';
import { EMPTY_LABELS, labelsFrom } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import type { Pace } from '../../model/pacer.ts';
import { SampleBuffer, copyColumns } from '../../model/sample-columns.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { MOST_LABELS } from '../../wire/batch/series-limits.ts';
import { annotationsOf, checkStatus } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import { JsonCursor } from './json-cursor.ts';
import { comesTwice } from './paced-json.ts';
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

/** Of a series that is read at a stretch: a fraction of a millisecond, or a little more where its items are small. */
const SLICE_BYTES = 65_536;

/** What a series takes with its labels, and beside a sample a histogram and a bucket of one; about. */
const BYTES_PER_SERIES = 600;
const BYTES_PER_SAMPLE = 16;
const BYTES_PER_HISTOGRAM = 200;
const BYTES_PER_BUCKET = 64;
/** No native histogram comes near; servers hold them to some hundred. */
const MOST_BUCKETS = 100_000;

/** Told how much of memory is held, bytes, whenever that grew. May throw, which ends the reading. */
type Holding = (bytes: number) => void;

/**
 * Reads the answer of an instant query for a range selector
 * (`{"status":…,"data":{"resultType":"matrix","result":[…]}}`), keys in any order; `data` may come once, and of other equal ones the
 * last counts. One pass over the bytes, which gives way between series and inside of long ones.
 * @throws EndpointError `bad_data` for anything else, and what the pace and `holds` throw.
 */
export async function scanMatrix(body: Buffer, pace: Pace, holds: Holding = () => {}): Promise<Matrix> {
  const cursor = new JsonCursor(body);
  const envelope: Record<string, unknown> = {};
  let series: readonly MatrixSeries[] | undefined;
  let hasData = false;
  for (const key of cursor.members()) {
    if (key === 'data') {
      if (hasData) throw comesTwice(key);
      hasData = true;
      series = await scanData(cursor, pace, holds);
    } else if (ENVELOPE.has(key)) envelope[key] = cursor.value();
    else await skipPaced(cursor, pace);
  }
  if (cursor.peek() !== -1) throw cursor.unexpected('the end');
  checkStatus(envelope);
  if (series === undefined) throw new EndpointError('bad_data', 'the answer to the query holds no matrix');
  return { series, annotations: annotationsOf(envelope) };
}

/** What is looked at beside the data; see {@link annotationsOf} and {@link checkStatus}. */
const ENVELOPE: ReadonlySet<string> = new Set(['status', 'error', 'warnings', 'infos', 'isPartial']);

async function scanData(
  cursor: JsonCursor,
  pace: Pace,
  holds: Holding,
): Promise<readonly MatrixSeries[] | undefined> {
  const series: MatrixSeries[] = [];
  const scanner = new SeriesScanner(cursor);
  let type = '';
  let held = 0;
  for (const key of cursor.members()) {
    if (key === 'resultType') type = cursor.string();
    else if (key === 'result' && cursor.peek() === 0x5b) {
      series.length = 0;
      for (const _ of cursor.elements()) {
        while (!scanner.scan()) {
          holds(held + scanner.bytes);
          if (pace.due()) await pace.breathe();
        }
        held += scanner.bytes;
        holds(held);
        series.push(scanner.take());
        if (pace.due()) await pace.breathe();
      }
    } else await skipPaced(cursor, pace);
  }
  return type === 'matrix' ? series : undefined;
}

async function skipPaced(cursor: JsonCursor, pace: Pace): Promise<void> {
  for (let open = 0; (open = cursor.skipFurther(open, cursor.at + SLICE_BYTES)) > 0;)
    if (pace.due()) await pace.breathe();
}

/** Reads one series after the other, each in several calls where it is long. */
class SeriesScanner {
  readonly #cursor: JsonCursor;
  readonly #floats = new SampleBuffer(1024);
  #metric = EMPTY_LABELS;
  #histograms: JsonHistogram[] = [];
  #buckets = 0;
  #isBegun = false;
  /** Reads the next item of the list that is open; undefined between members. */
  #readItem: (() => void) | undefined;
  /** Lists and objects that are open of a member which is stepped over. */
  #skipping = 0;

  constructor(cursor: JsonCursor) {
    this.#cursor = cursor;
  }

  /** Memory that what was read of the series takes, about. */
  get bytes(): number {
    return (
      BYTES_PER_SERIES +
      BYTES_PER_SAMPLE * this.#floats.length +
      BYTES_PER_HISTOGRAM * this.#histograms.length +
      BYTES_PER_BUCKET * this.#buckets
    );
  }

  /** Reads on for a while. Returns whether the series has ended; {@link take} it then. */
  scan(): boolean {
    const cursor = this.#cursor;
    const limit = cursor.at + SLICE_BYTES;
    do {
      if (this.#skipping > 0) this.#skipping = cursor.skipFurther(this.#skipping, limit);
      else if (this.#readItem !== undefined) this.#readItems(this.#readItem, limit);
      else if (!this.#nextMember(limit)) return true;
    } while (cursor.at < limit);
    return false;
  }

  take(): MatrixSeries {
    const series = {
      metric: this.#metric,
      floats: copyColumns(this.#floats),
      histograms: this.#histograms,
    };
    this.#isBegun = false;
    this.#metric = EMPTY_LABELS;
    this.#floats.clear();
    this.#clearHistograms();
    return series;
  }

  /** False at the end of the series. */
  #nextMember(limit: number): boolean {
    const cursor = this.#cursor;
    if (!this.#isBegun) {
      this.#isBegun = true;
      cursor.expect('{');
      if (cursor.take('}')) return false;
    } else if (!cursor.take(',')) {
      cursor.expect('}');
      return false;
    }
    const key = cursor.string();
    cursor.expect(':');
    if (key === 'metric') this.#metric = scanMetric(cursor);
    else if (key === 'values') {
      this.#floats.clear();
      this.#openList(() => scanFloat(cursor, this.#floats));
    } else if (key === 'histograms') {
      this.#clearHistograms();
      this.#openList(() => {
        const histogram = scanHistogram(cursor);
        this.#buckets += histogram.buckets.length;
        this.#histograms.push(histogram);
      });
    } else this.#skipping = cursor.skipFurther(0, limit);
    return true;
  }

  #openList(readItem: () => void): void {
    this.#cursor.expect('[');
    if (!this.#cursor.take(']')) this.#readItem = readItem;
  }

  #readItems(readItem: () => void, limit: number): void {
    const cursor = this.#cursor;
    do {
      readItem();
      if (cursor.take(',')) continue;
      cursor.expect(']');
      this.#readItem = undefined;
      return;
    } while (cursor.at < limit);
  }

  #clearHistograms(): void {
    this.#histograms = [];
    this.#buckets = 0;
  }
}

/** Reads the labels of a series. */
export function scanMetric(cursor: JsonCursor): Labels {
  const pairs: (readonly [string, string])[] = [];
  cursor.object((name) => {
    if (pairs.push([name, cursor.string()]) > MOST_LABELS) throw tooManyLabels();
  });
  return labelsFrom(pairs);
}

function scanFloat(cursor: JsonCursor, floats: SampleBuffer): void {
  cursor.expect('[');
  const t = cursor.milliseconds();
  cursor.expect(',');
  floats.push(t, cursor.number());
  cursor.expect(']');
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
    else if (key === 'buckets')
      cursor.array(() => {
        if (buckets.push(scanBucket(cursor)) > MOST_BUCKETS) throw tooManyBuckets();
      });
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

function tooManyLabels(): EndpointError {
  return new EndpointError(
    'bad_data',
    `its answer to a query is damaged: a series has more than ${MOST_LABELS} labels`,
  );
}

function tooManyBuckets(): EndpointError {
  return new EndpointError(
    'bad_data',
    `its answer to a query is damaged: a histogram has more than ${MOST_BUCKETS} buckets`,
  );
}
