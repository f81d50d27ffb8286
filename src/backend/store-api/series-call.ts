import type { CallScope } from '../../model/request-scope.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { type SeriesRequest, encodeSeriesRequest } from '../../wire/store-api/series-request.ts';
import { type ReceivedResponse, readSeriesResponse } from '../../wire/store-api/series-response.ts';
import { BatchLedger } from '../batch-ledger.ts';
import { damaged } from './errors.ts';
import { tooLarge } from '../endpoint-error.ts';
import type { GrpcClient } from './grpc-client.ts';
import type { Warnings } from './warnings.ts';

const METHOD = '/thanos.Store/Series';

export interface SeriesAnswer {
  /** In the order of arrival; the same labels may come again, though not in a row. */
  readonly series: SeriesBatch;
  /** Bytes of all messages. */
  readonly bytes: number;
}

/** Calls Series and collects the stream. Hints are of no use here. Throws EndpointError. */
export async function callSeries(
  client: GrpcClient,
  request: SeriesRequest,
  warnings: Warnings,
  maxBytes: number,
  scope: CallScope,
): Promise<SeriesAnswer> {
  const series = new SeriesBatch(request.skipChunks);
  const ledger = new BatchLedger(series, scope.budget);
  let bytes = 0;
  const call = client.stream(METHOD, encodeSeriesRequest(request), scope, (message) => {
    bytes += message.length;
    const response = read(message, series);
    if (response.kind === 'warning') warnings.add(response.warning);
    if (response.kind !== 'series') return;
    if (bytes > maxBytes || series.bytes > maxBytes) throw tooLarge(maxBytes);
    ledger.settle();
  });
  try {
    await call;
    ledger.end();
  } catch (thrown) {
    ledger.drop();
    throw thrown;
  }
  return { series, bytes };
}

function read(message: Uint8Array, series: SeriesBatch): ReceivedResponse {
  try {
    return readSeriesResponse(message, series);
  } catch (thrown) {
    throw thrown instanceof MessageFormatError ? damaged(thrown, 'Series answer') : thrown;
  }
}
