import { remark } from '../../model/annotations.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { EndpointNote } from '../answered.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { METRIC_NAME, type Labels, labelValue } from '../../model/labels.ts';
import { copyColumns, SampleBuffer } from '../../model/sample-columns.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import type { Pacer } from '../../model/pacer.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import { BatchLedger } from '../batch-ledger.ts';
import { EndpointError } from '../endpoint-error.ts';
import { answerPacer } from '../pace.ts';
import { apiCall, jsonBody, seconds } from './api-call.ts';
import type { HttpClient } from './http-client.ts';
import { commonLayout } from './json-histogram.ts';
import type { BucketLayout } from './json-histogram.ts';
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

/**
 * Reads raw samples with an instant query for a range selector: any server that speaks PromQL can be read so.
 * Prometheus 3 leaves the start of the range out, so the range is a millisecond longer than asked for.
 */
export async function queryMatrix(
  client: HttpClient,
  { matchers, minTime, maxTime }: BackendSelect,
  scope: CallScope,
): Promise<RawSeriesSet> {
  const end = maxTime < MAX_TIME ? maxTime : LAST_TIME;
  const start = minTime > MIN_TIME ? minTime : Math.min(0, end);
  const range = Math.min(Math.max(1, Math.floor(end) - Math.floor(start) + 1), LAST_TIME);
  const body = await askWithNames([matchers], async ([left = []]) => {
    const call = apiCall('/api/v1/query', [
      ['query', `${selectorText(left)}[${range}ms]`],
      ['time', seconds(end)],
    ]);
    return jsonBody(await client.send(call, scope), call);
  });
  const batch = new SeriesBatch();
  if (body === undefined) return { series: batch, annotations: [], bytes: 0 };
  let held = 0;
  const holds = (bytes: number): void => {
    if (bytes > held) scope.budget.take(bytes - held);
    held = Math.max(held, bytes);
  };
  let annotations: readonly EndpointNote[];
  try {
    annotations = await readMatrix(body, batch, answerPacer(scope.signal), holds);
  } finally {
    scope.budget.give(body.length + held);
  }
  new BatchLedger(batch, scope.budget).end();
  return { series: batch, annotations, bytes: body.length };
}

async function readMatrix(
  body: Buffer,
  batch: SeriesBatch,
  pacer: Pacer,
  holds: (bytes: number) => void,
): Promise<readonly EndpointNote[]> {
  const matrix = await scanMatrix(body, pacer, holds);
  const annotations: EndpointNote[] = [...matrix.annotations, remark('info', NO_STALE_MARKERS)];
  const layouts = layoutsByMetric(matrix.series, annotations);
  for (const series of matrix.series) {
    if (pacer.due()) await pacer.breathe();
    addSeries(batch, series.metric, columnsOf(series, layouts.get(metricName(series))));
  }
  return annotations;
}

function addSeries(batch: SeriesBatch, labels: Labels, columns: SampleColumns): void {
  try {
    batch.add(labels, { kind: 'columns', columns });
  } catch (thrown) {
    if (!(thrown instanceof MessageFormatError)) throw thrown;
    throw new EndpointError('bad_data', `its answer to a query is damaged: ${thrown.message}`, {
      cause: thrown,
      retryAfterMs: 0,
    });
  }
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
