import { type Labels, compareLabels } from '../../model/labels.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { StringTable } from '../../wire/protobuf/string-table.ts';
import { type SeriesRequest, encodeSeriesRequest } from '../../wire/store-api/series-request.ts';
import { type ReceivedSeries, decodeSeriesResponse } from '../../wire/store-api/series-response.ts';
import { damaged } from './errors.ts';
import { tooLarge } from '../endpoint-error.ts';
import type { GrpcClient } from './grpc-client.ts';
import type { Warnings } from './warnings.ts';

const METHOD = '/thanos.Store/Series';

/** What a series costs in memory beside its bytes, about, so that empty ones without number are held to the limit. */
const BYTES_PER_SERIES = 200;

export interface SeriesAnswer {
  /** In the order of arrival; the same labels may come again, though not in a row. */
  readonly series: readonly AnsweredSeries[];
  /** Bytes of all messages. */
  readonly bytes: number;
}

export interface AnsweredSeries {
  readonly labels: Labels;
  /** As they came: usually one, several where the series was spread over responses. */
  readonly pieces: readonly ReceivedSeries[];
}

interface OpenSeries extends AnsweredSeries {
  readonly pieces: ReceivedSeries[];
}

/** Calls Series and collects the stream. Hints are of no use here. Throws EndpointError. */
export async function callSeries(
  client: GrpcClient,
  request: SeriesRequest,
  warnings: Warnings,
  maxBytes: number,
  signal: AbortSignal,
): Promise<SeriesAnswer> {
  const interned = new StringTable('refuse');
  const series: OpenSeries[] = [];
  let bytes = 0;
  let held = 0;
  await client.stream(METHOD, encodeSeriesRequest(request), signal, (message) => {
    bytes += message.length;
    const response = decode(message, interned);
    if (response.kind === 'warning') warnings.add(response.warning);
    if (response.kind !== 'series') return;
    held += message.length + response.series.length * BYTES_PER_SERIES;
    if (held > maxBytes) throw tooLarge(maxBytes);
    for (const one of response.series) addPiece(series, one);
  });
  return { series, bytes };
}

/** A long series goes on in the next response under the same labels. */
function addPiece(series: OpenSeries[], piece: ReceivedSeries): void {
  const open = series.at(-1);
  if (open !== undefined && compareLabels(piece.labels, open.labels) === 0) open.pieces.push(piece);
  else series.push({ labels: piece.labels, pieces: [piece] });
}

function decode(message: Uint8Array, interned: StringTable): ReturnType<typeof decodeSeriesResponse> {
  try {
    return decodeSeriesResponse(message, interned);
  } catch (thrown) {
    throw thrown instanceof MessageFormatError ? damaged(thrown, 'Series answer') : thrown;
  }
}
