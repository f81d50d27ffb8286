import type { CallScope } from '../../../model/request-scope.ts';
import { SeriesBatch } from '../../../wire/batch/series-batch.ts';
import type { BackendSelect, RawSeriesSet } from '../../backend.ts';
import { BatchLedger } from '../../batch-ledger.ts';
import { EndpointError } from '../../endpoint-error.ts';
import { answerPacer } from '../../pace.ts';
import { apiCall, notTheApi, seconds, statusError } from '../api-call.ts';
import { addColumns } from '../columns-series.ts';
import type { HttpAnswer, HttpClient } from '../http-client.ts';
import type { Kind } from '../kinds/kind.ts';
import { wholeRange } from '../matrix-query.ts';
import { selectorText } from '../selector-text.ts';
import { LineSplitter } from './line-splitter.ts';
import { scanExportLine } from './scan-export-line.ts';

/** What came of an export; a failure in the middle of it is thrown. */
export type ExportAnswer =
  | { readonly kind: 'series'; readonly set: RawSeriesSet }
  /** The server did not export; why. */
  | { readonly kind: 'refused'; readonly error: EndpointError };

/** Samples of a line: long series come in several. */
const MOST_ROWS = 10_000;

const TYPES = ['application/stream+json', 'application/json'];

/**
 * Reads raw samples by the export of VictoriaMetrics, a line of JSON for so many samples of a series, which is read while it comes. A
 * cluster that misses a part of its storage refuses it, because a line has no place to say so.
 */
export async function exportSamples(
  client: HttpClient,
  { matchers, minTime, maxTime }: BackendSelect,
  { parameters, isNaNStale }: Kind,
  scope: CallScope,
): Promise<ExportAnswer> {
  const { start, end } = wholeRange(minTime, maxTime);
  const call = apiCall('/api/v1/export', [
    ['match[]', selectorText(matchers)],
    ['start', seconds(start)],
    ['end', seconds(end)],
    ['max_rows_per_line', String(MOST_ROWS)],
    ['deny_partial_response', '1'],
    ...parameters,
  ]);
  const answer = await client.send(call, scope);
  if (answer.status !== 200) return { kind: 'refused', error: await statusError(answer, call) };
  if (!TYPES.some((type) => answer.contentType.startsWith(type)))
    return { kind: 'refused', error: await notTheApi(answer, call) };
  if (!answer.endIsMarked)
    return {
      kind: 'refused',
      error: new EndpointError(
        'bad_data',
        'its export ends with the connection, so that a broken one would look complete',
      ),
    };
  return { kind: 'series', set: await readLines(answer, isNaNStale, scope) };
}

async function readLines(answer: HttpAnswer, isNaNStale: boolean, scope: CallScope): Promise<RawSeriesSet> {
  const batch = new SeriesBatch();
  const splitter = new LineSplitter();
  const ledger = new BatchLedger(batch, scope.budget, () => splitter.pending);
  const pacer = answerPacer(scope);
  let bytes = 0;
  try {
    for await (const part of answer.body) {
      if (pacer.due()) await pacer.breathe();
      bytes += part.length;
      for (const line of splitter.push(part)) {
        const { metric, columns } = await scanExportLine(line, isNaNStale, pacer);
        addColumns(batch, metric, columns);
        ledger.settle();
        if (pacer.due()) await pacer.breathe();
      }
      ledger.settle();
    }
    splitter.end();
    ledger.end();
  } catch (thrown) {
    ledger.drop();
    throw thrown;
  }
  return { series: batch, annotations: [], bytes };
}
