import type { CallScope } from '../../model/request-scope.ts';
import { OpenSeries } from '../../wire/batch/lists/open-series.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { SeriesReceiver } from '../../wire/batch/series-receiver.ts';
import type { SeriesTaker } from '../../wire/batch/lists/series-taker.ts';
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

/** Calls Series and collects the stream as a batch. Throws EndpointError. */
export async function callSeries(
  client: GrpcClient,
  request: SeriesRequest,
  warnings: Warnings,
  maxBytes: number,
  scope: CallScope,
): Promise<SeriesAnswer> {
  const series = new SeriesBatch();
  const ledger = new BatchLedger(series, scope.budget);
  const settle = (): number => {
    if (series.bytes > maxBytes) throw tooLarge(maxBytes);
    ledger.settle();
    return series.length;
  };
  try {
    const bytes = await receiveSeries(
      client,
      request,
      { receiver: series, settle },
      warnings,
      maxBytes,
      scope,
    );
    ledger.end();
    return { series, bytes };
  } catch (thrown) {
    ledger.drop();
    throw thrown;
  }
}

/** Calls Series for labels alone, which the taker has as they come, and counts itself. */
export async function callForLabels(
  client: GrpcClient,
  request: SeriesRequest,
  taker: SeriesTaker,
  warnings: Warnings,
  maxBytes: number,
  scope: CallScope,
): Promise<void> {
  const receiver = new OpenSeries(taker);
  let counted = 0;
  const settle = (): number => {
    scope.budget.series(receiver.count - counted);
    return (counted = receiver.count);
  };
  await receiveSeries(client, request, { receiver, settle }, warnings, maxBytes, scope);
}

/** Where the series of a call go. */
interface Destination {
  readonly receiver: SeriesReceiver;
  /** Is called after each part that was read; counts it against the budget, and returns how many series there are. */
  readonly settle: () => number;
}

/**
 * Resolves to the bytes of all messages. Hints are of no use here. A store that goes on far beyond the limit of the request does not know
 * it; what it has sent until then is the answer.
 */
async function receiveSeries(
  client: GrpcClient,
  request: SeriesRequest,
  { receiver, settle }: Destination,
  warnings: Warnings,
  maxBytes: number,
  scope: CallScope,
): Promise<number> {
  const enough = request.limit > 0 ? TIMES_LIMIT * request.limit : Infinity;
  let hasEnough = false;
  let bytes = 0;
  const settleAll = (): number => {
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    return settle();
  };
  const taken = (response: ReceivedResponse): void => {
    if (response.kind === 'warning') warnings.add(response.warning);
    if (response.kind !== 'series') return;
    if (settleAll() < enough) return;
    hasEnough = true;
    // Nothing else ends a stream that is under way.
    throw new Error('enough');
  };
  const readSlowly = async (message: Uint8Array): Promise<void> => {
    const pacer = answerPacer(scope);
    const reader = new SeriesResponseReader(message, receiver);
    while (!whole(() => reader.read(MESSAGE_SLICE_BYTES))) {
      settleAll();
      if (pacer.due()) await pacer.breathe();
    }
    taken(reader.response);
  };
  const call = client.stream(METHOD, encodeSeriesRequest(request), scope, (message) => {
    // A message may be there already although nobody waits for it any more.
    scope.signal.throwIfAborted();
    bytes += message.length;
    if (message.length > MESSAGE_SLICE_BYTES) return readSlowly(message);
    taken(whole(() => readSeriesResponse(message, receiver)));
    return undefined;
  });
  try {
    await call;
  } catch (thrown) {
    if (!hasEnough) throw thrown;
  }
  return bytes;
}

/** What a read gives, or the failure of the endpoint where the message is damaged. */
function whole<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof MessageFormatError ? damaged(thrown, 'Series answer') : thrown;
  }
}
