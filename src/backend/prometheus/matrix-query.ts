import { remark } from '../../model/annotations.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { EndpointNote } from '../answered.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { METRIC_NAME, labelValue } from '../../model/labels.ts';
import { copyColumns, SampleBuffer } from '../../model/sample-columns.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import type { Pacer } from '../../model/pacer.ts';
import { STALE_NAN } from '../../model/stale.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import { BatchLedger } from '../batch-ledger.ts';
import { answerPacer } from '../pace.ts';
import { ApiError, apiCall, jsonBody, seconds } from './api-call.ts';
import { addColumns } from './columns-series.ts';
import type { HttpClient } from './http-client.ts';
import { commonLayout } from './json-histogram.ts';
import type { BucketLayout } from './json-histogram.ts';
import type { Kind } from './kinds/kind.ts';
import { scanMatrix } from './matrix-scanner.ts';
import type { MatrixSeries } from './matrix-scanner.ts';
import { askWithNames } from './old-names.ts';
import { rebuildHistograms } from './rebuild-histograms.ts';
import { selectorText } from './selector-text.ts';

/** Read by query, the answer lacks what only storage has; whoever reads it must know. */
const NO_STALE_MARKERS =
  'read by query: the server offers no remote read, so stale markers are missing and series that end seem to go on ' +
  'for the lookback delta';

const REBUILT =
  'native histograms were rebuilt from their printed buckets: reset hints and custom boundaries without observations are missing';

const NO_COMMON_LAYOUT =
  'the custom buckets of native histograms differ inside of a metric, so boundaries without observations could not be told apart from those that do not exist';

/** The widest range that servers take in a query: the ms since the epoch that an int64 of nanoseconds can count. */
const LAST_TIME = 9_223_372_036_000;

/** Calls for one read. A server that refuses parts of so few does not answer smaller ones in a bearable time either. */
const MOST_CALLS = 64;

/** How servers refuse a query for what it reads, which is less in a shorter range. */
const READS_TOO_MUCH =
  /too many samples|exceeded sample limit|maximum number of (?:chunks|samples)|time range exceeds the limit|maxSamplesPer(?:Query|Series)/i;

/** Whole times in ms, both inclusive. */
interface WholeRange {
  readonly start: number;
  readonly end: number;
}

/** The times of a read that servers take, whatever its bounds are. */
export function wholeRange(minTime: number, maxTime: number): WholeRange {
  const end = Math.floor(maxTime < MAX_TIME ? maxTime : LAST_TIME);
  return { start: Math.floor(minTime > MIN_TIME ? minTime : Math.min(0, end)), end };
}

/**
 * Reads raw samples with an instant query for a range selector: any server that speaks PromQL can be read so. A range that is too much
 * for one query is halved, and so on.
 */
export async function queryMatrix(
  client: HttpClient,
  { matchers, minTime, maxTime }: BackendSelect,
  kind: Kind,
  scope: CallScope,
): Promise<RawSeriesSet> {
  const batch = new SeriesBatch();
  const read: ReadParts = { series: [], notes: new Map(), bytes: 0, held: 0 };
  const open = [wholeRange(minTime, maxTime)];
  let annotations: readonly EndpointNote[] = [];
  try {
    for (let calls = 1; open.length > 0; calls++) {
      const range = open.pop()!;
      try {
        await readPart(client, matchers, range, kind, scope, read);
      } catch (thrown) {
        const isTooMuch = thrown instanceof ApiError && READS_TOO_MUCH.test(thrown.message);
        if (!isTooMuch || calls >= MOST_CALLS || range.end <= range.start) throw thrown;
        const middle = Math.floor((range.start + range.end) / 2);
        open.push({ start: middle + 1, end: range.end }, { start: range.start, end: middle });
      }
    }
    // Where the server can have no series of the kind, nothing was asked.
    if (read.bytes > 0) annotations = await addAll(batch, read, kind, answerPacer(scope));
  } finally {
    scope.budget.give(read.held);
  }
  new BatchLedger(batch, scope.budget).end();
  return { series: batch, annotations, bytes: read.bytes };
}

/** What the queries for parts of a range gave. */
interface ReadParts {
  readonly series: MatrixSeries[];
  /** By what they say, since each part says the same. */
  readonly notes: Map<string, EndpointNote>;
  bytes: number;
  /** Memory that is taken from the budget for it. */
  held: number;
}

async function readPart(
  client: HttpClient,
  matchers: BackendSelect['matchers'],
  { start, end }: WholeRange,
  { parameters }: Kind,
  scope: CallScope,
  read: ReadParts,
): Promise<void> {
  // Prometheus 3 leaves the start of the range out, so the range is a millisecond longer than asked for.
  const range = Math.min(Math.max(1, end - start + 1), LAST_TIME);
  const body = await askWithNames([matchers], async ([left = []]) => {
    const call = apiCall('/api/v1/query', [
      ['query', `${selectorText(left)}[${range}ms]`],
      ['time', seconds(end)],
      ...parameters,
    ]);
    return jsonBody(await client.send(call, scope), call);
  });
  if (body === undefined) return;
  read.bytes += body.length;
  const before = read.held;
  try {
    const matrix = await scanMatrix(body, answerPacer(scope), (bytes) => {
      if (before + bytes <= read.held) return;
      scope.budget.take(before + bytes - read.held);
      read.held = before + bytes;
    });
    for (const series of matrix.series) read.series.push(series);
    for (const note of matrix.annotations) read.notes.set(JSON.stringify(note), note);
  } finally {
    scope.budget.give(body.length);
  }
}

async function addAll(
  batch: SeriesBatch,
  { series, notes }: ReadParts,
  { isNaNStale }: Kind,
  pacer: Pacer,
): Promise<readonly EndpointNote[]> {
  const annotations: EndpointNote[] = [...notes.values()];
  if (!isNaNStale) annotations.push(remark('info', NO_STALE_MARKERS));
  const layouts = layoutsByMetric(series, annotations);
  for (const each of series) {
    if (pacer.due()) await pacer.breathe();
    if (isNaNStale) markStale(each.floats);
    addColumns(batch, each.metric, columnsOf(each, layouts.get(metricName(each))));
  }
  return annotations;
}

function markStale({ v, length }: SampleColumns): void {
  for (let i = 0; i < length; i++) if (Number.isNaN(v[i]!)) v[i] = STALE_NAN;
}

function layoutsByMetric(
  series: readonly MatrixSeries[],
  annotations: EndpointNote[],
): ReadonlyMap<string, BucketLayout | undefined> {
  const withHistograms = series.filter(({ histograms }) => histograms.length > 0);
  if (withHistograms.length > 0) annotations.push(remark('info', REBUILT));
  const byMetric = Map.groupBy(withHistograms, metricName);
  const layouts = new Map(
    [...byMetric].map(([name, members]) => [
      name,
      commonLayout(members.flatMap((member) => member.histograms)),
    ]),
  );
  if ([...layouts.values()].includes(undefined)) annotations.push(remark('warning', NO_COMMON_LAYOUT));
  return layouts;
}

function metricName({ metric }: MatrixSeries): string {
  return labelValue(metric, METRIC_NAME);
}

/** Floats and histograms of one series in one column, by time; a series seldom has both. */
function columnsOf({ floats, histograms }: MatrixSeries, layout: BucketLayout | undefined): SampleColumns {
  if (histograms.length === 0) return floats;
  const rebuilt = rebuildHistograms(histograms, layout);
  const merged = new SampleBuffer(floats.length + histograms.length);
  let next = 0;
  histograms.forEach(({ t }, i) => {
    next = pushUntil(merged, floats, next, t);
    merged.pushHistogram(t, rebuilt[i] as FloatHistogram);
  });
  pushUntil(merged, floats, next, Infinity);
  return copyColumns(merged);
}

function pushUntil(target: SampleBuffer, floats: SampleColumns, from: number, end: number): number {
  let next = from;
  for (; next < floats.length && floats.t[next]! < end; next++) target.push(floats.t[next]!, floats.v[next]!);
  return next;
}
