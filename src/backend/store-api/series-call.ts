import type { CallScope } from '../../model/request-scope.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { type SeriesRequest, encodeSeriesRequest } from '../../wire/store-api/series-request.ts';
import {
  type ReceivedResponse,
  readSeriesResponse,
  SeriesResponseReader,
} from '../../wire/store-api/series-response.ts';
import { BatchLedger } from '../batch-ledger.ts';
import { damaged } from './errors.ts';
import { tooLarge } from '../endpoint-error.ts';
import type { GrpcClient } from './grpc-client.ts';
import { answerPacer, MESSAGE_SLICE_BYTES } from '../pace.ts';
import type { Warnings } from './warnings.ts';

const METHOD = '/thanos.Store/Series';

export interface SeriesAnswer {
  /** In the order of arrival; the same labels may come again, though not in a row. */
  readonly series: SeriesBatch;
  /** Bytes of all messages. */
  readonly bytes: number;
}

/** So many times as many series as were asked for are read: stores send some of them more than once. */
const TIMES_LIMIT = 2;

/**
 * Calls Series and collects the stream. Hints are of no use here. A store that goes on far beyond the limit of the request does not know
 * it; what it has sent until then is the answer. Throws EndpointError.
 */
export async function callSeries(
  client: GrpcClient,
  request: SeriesRequest,
  warnings: Warnings,
  maxBytes: number,
  scope: CallScope,
): Promise<SeriesAnswer> {
  const series = new SeriesBatch(request.skipChunks);
  const ledger = new BatchLedger(series, scope.budget);
  const enough = request.limit > 0 ? TIMES_LIMIT * request.limit : Infinity;
  let hasEnough = false;
  let bytes = 0;
  const settle = (): void => {
    if (bytes > maxBytes || series.bytes > maxBytes) throw tooLarge(maxBytes);
    ledger.settle();
  };
  const taken = (response: ReceivedResponse): void => {
    if (response.kind === 'warning') warnings.add(response.warning);
    if (response.kind !== 'series') return;
    settle();
    if (series.length < enough) return;
    hasEnough = true;
    // Nothing else ends a stream that is under way.
    throw new Error('enough');
  };
  const readSlowly = async (message: Uint8Array): Promise<void> => {
    const pacer = answerPacer(scope.signal);
    const reader = new SeriesResponseReader(message, series);
    while (!whole(() => reader.read(MESSAGE_SLICE_BYTES))) {
      settle();
      if (pacer.due()) await pacer.breathe();
    }
    taken(reader.response);
  };
  const call = client.stream(METHOD, encodeSeriesRequest(request), scope, (message) => {
    bytes += message.length;
    if (message.length > MESSAGE_SLICE_BYTES) return readSlowly(message);
    taken(whole(() => readSeriesResponse(message, series)));
    return undefined;
  });
  try {
    await call;
  } catch (thrown) {
    if (!hasEnough) {
      ledger.drop();
      throw thrown;
    }
  }
  ledger.end();
  return { series, bytes };
}

/** What a read gives, or the failure of the endpoint where the message is damaged. */
function whole<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof MessageFormatError ? damaged(thrown, 'Series answer') : thrown;
  }
}
