import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { ProtoReader } from '../../wire/protobuf/proto-reader.ts';
import { FrameSplitter } from '../../wire/remote-read/frame-splitter.ts';
import { ResponseType, encodeReadRequest } from '../../wire/remote-read/request.ts';
import { readSampledSeries } from '../../wire/remote-read/sampled.ts';
import { readChunkedResponse } from '../../wire/remote-read/streamed.ts';
import { WARNINGS_FOLLOW_HEADER, WARNINGS_HEADER } from '../../model/warnings-header.ts';
import { declaredLength, inflateSnappy } from '../../wire/snappy.ts';
import { ownBudget } from '../../model/own-budget.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import type { EndpointMemory, LentSeries } from '../series-memory.ts';
import { annotationsOf, drain, notTheApi, statusError } from './api-call.ts';
import { BatchLedger } from '../batch-ledger.ts';
import { EndpointError } from '../endpoint-error.ts';
import { firstBytes, readAll } from './http-client.ts';
import type { HttpAnswer, HttpCall, HttpClient } from './http-client.ts';
import { coarseMatchers } from './kinds/coarse-matchers.ts';
import type { Kind } from './kinds/kind.ts';
import { refusalOf } from './offered.ts';
import { answerPacer, MESSAGE_SLICE_BYTES } from '../pace.ts';
import { selectorText } from './selector-text.ts';

/** What came of a remote-read call; failures are thrown. */
export type RemoteReadAnswer =
  | {
      readonly kind: 'series';
      readonly protocol: 'remote-read-chunks' | 'remote-read-samples';
      readonly set: RawSeriesSet;
    }
  /** The server may not have the call; `error` is what to say where it does. */
  | {
      readonly kind: 'refused';
      readonly refusal: 'not-offered' | 'unclear';
      readonly status: number;
      readonly error: EndpointError;
    }
  /** `why` completes "it sends …". */
  | { readonly kind: 'unusable-stream'; readonly why: string };

const STREAMED = 'application/x-streamed-protobuf';
const SAMPLED = 'application/x-protobuf';

const END_UNKNOWN: RemoteReadAnswer = {
  kind: 'unusable-stream',
  why: 'streams that end with the connection, so that a broken one would look complete',
};

/** Prometheus takes no heed of the parameter. A gateway answers in part, and says in a header what is missing. */
const IN_PART = '?partial_response=true';

/** So much of an answer shows its form; bytes. */
const HEAD_BYTES = 64 * 1024;

/** Times are whole milliseconds on the wire; this is far beyond any that a sample can have. */
const MAX_TIME = 8.64e15;

/**
 * Reads raw samples by Prometheus remote read (POST /api/v1/read), as streamed chunks where `chunksAccepted` and the
 * server can, else as samples; the content type of the answer tells which came. A stream has no end mark of its own:
 * it is whole when the HTTP body is, so a connection that breaks is a failure, never a shorter answer.
 * @param memory of what the server sent before.
 */
export async function remoteRead(
  client: HttpClient,
  request: BackendSelect,
  kind: Kind,
  chunksAccepted: boolean,
  scope: CallScope,
  memory?: EndpointMemory,
): Promise<RemoteReadAnswer> {
  return ask(client, request, kind, chunksAccepted, scope, Infinity, memory);
}

/**
 * The same where the form of the answer counts alone. What a server sends beyond the first bytes is not waited for: one that
 * takes no heed of the request may send all that it has. So the set may not be whole, and nobody should keep it.
 */
export async function probeRemoteRead(
  client: HttpClient,
  request: BackendSelect,
  kind: Kind,
  chunksAccepted: boolean,
  scope: Omit<CallScope, 'budget'>,
): Promise<RemoteReadAnswer> {
  const budget = ownBudget();
  try {
    return await ask(client, request, kind, chunksAccepted, { ...scope, budget }, HEAD_BYTES);
  } finally {
    budget.release();
  }
}

/**
 * Asks again where what stands in between leaves trailers out, and remembers that.
 * @param enough so many bytes of the answer are read at least; what comes behind them is left.
 */
async function ask(
  client: HttpClient,
  request: BackendSelect,
  kind: Kind,
  chunksAccepted: boolean,
  scope: CallScope,
  enough: number,
  memory?: EndpointMemory,
): Promise<RemoteReadAnswer> {
  const takesTrailers = kind.sendsTrailers && client.bringsTrailers;
  const call = remoteReadCall(request, kind, chunksAccepted, takesTrailers);
  const answer = await readAnswer(client, call, request, kind, scope, enough, memory);
  if (answer.kind !== 'no-trailer') return answer;
  client.bringsTrailers = false;
  const again = remoteReadCall(request, kind, chunksAccepted, false);
  const second = await readAnswer(client, again, request, kind, scope, enough, memory);
  if (second.kind !== 'no-trailer') return second;
  throw new EndpointError(
    'bad_data',
    'it says that a trailer follows, for which it was not asked, and none does; look at what stands in front of it',
  );
}

/** The server said that a trailer follows, and none did: what the answer lacks is not known. */
type AnswerOrNoTrailer = RemoteReadAnswer | { readonly kind: 'no-trailer' };

async function readAnswer(
  client: HttpClient,
  call: HttpCall,
  request: BackendSelect,
  kind: Kind,
  scope: CallScope,
  enough: number,
  memory: EndpointMemory | undefined,
): Promise<AnswerOrNoTrailer> {
  const answer = await client.send(call, scope);
  if (answer.status !== 200) return refused(answer, await statusError(answer, call));
  try {
    if (answer.contentType.startsWith(STREAMED)) {
      if (!answer.endIsMarked) {
        await drain(answer);
        return END_UNKNOWN;
      }
      const lent = memory?.lend(selectorText(request.matchers), scope.budget);
      return await readStream(answer, scope, enough, lent);
    }
    if (answer.contentType.startsWith(SAMPLED)) {
      const isWanted = kind.takesMatchers ? undefined : compileMatchers(request.matchers);
      return await readSamples(answer, client.maxResponseBytes, enough, scope, isWanted);
    }
  } catch (thrown) {
    if (!(thrown instanceof MessageFormatError)) throw thrown;
    throw new EndpointError('bad_data', `its remote-read answer is damaged: ${thrown.message}`, {
      cause: thrown,
      retryAfterMs: 0,
    });
  }
  return refused(answer, await notTheApi(answer, call));
}

function refused(answer: HttpAnswer, error: EndpointError): RemoteReadAnswer {
  const refusal = refusalOf(answer);
  if (refusal === 'failed') throw error;
  return { kind: 'refused', refusal, status: answer.status, error };
}

/** Hints are left out: a server may use them to send less or other samples, and the answer must not depend on that. */
function remoteReadCall(
  { matchers, minTime, maxTime }: BackendSelect,
  { readPath, takesMatchers }: Kind,
  chunksAccepted: boolean,
  takesTrailers: boolean,
): HttpCall {
  const { samples, streamedChunks } = ResponseType;
  const query = {
    minTime: wholeTime(minTime),
    maxTime: wholeTime(maxTime),
    matchers: takesMatchers ? orAll(matchers) : coarseMatchers(matchers),
  };
  return {
    method: 'POST',
    path: `${readPath}${IN_PART}`,
    // Of samples, which servers compress whatever was asked for. Of a stream it would show as a damaged frame.
    encoding: 'snappy',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-read-version': '0.1.0',
      ...(takesTrailers && { te: 'trailers' }),
    },
    body: encodeReadRequest({
      queries: [query],
      accepted: chunksAccepted ? [streamedChunks, samples] : [samples],
    }),
  };
}

/** Prometheus takes a query without matchers for one that selects nothing; every series has a name. */
function orAll(matchers: readonly Matcher[]): readonly Matcher[] {
  return matchers.length === 0 ? [{ kind: '!=', name: '__name__', value: '' }] : matchers;
}

async function readStream(
  answer: HttpAnswer,
  scope: CallScope,
  enough: number,
  lent: LentSeries | undefined,
): Promise<AnswerOrNoTrailer> {
  const series = new SeriesBatch(lent?.known);
  const splitter = new FrameSplitter();
  const ledger = new BatchLedger(series, scope.budget, () => splitter.pending);
  try {
    const read = await readFrames(answer, splitter, series, ledger, scope, enough);
    if (read.kind !== 'series') ledger.drop();
    else lent?.settle(series);
    return read;
  } catch (thrown) {
    ledger.drop();
    throw thrown;
  }
}

async function readFrames(
  answer: HttpAnswer,
  splitter: FrameSplitter,
  series: SeriesBatch,
  ledger: BatchLedger,
  scope: CallScope,
  enough: number,
): Promise<AnswerOrNoTrailer> {
  const pacer = answerPacer(scope);
  let bytes = 0;
  for await (const part of firstBytes(answer.body, enough)) {
    // Looked at before the work: parts of many answers come in one turn, and each would be read in it otherwise.
    if (pacer.due()) await pacer.breathe();
    bytes += part.length;
    splitter.push(part);
    while (splitter.next()) {
      const reader = new ProtoReader(splitter.bytes, splitter.from, splitter.to);
      for (;;) {
        const { unknownEncoding } = readChunkedResponse(reader, series, MESSAGE_SLICE_BYTES);
        if (unknownEncoding !== undefined)
          return { kind: 'unusable-stream', why: `chunks of an unknown encoding (${unknownEncoding})` };
        if (reader.isAtEnd) break;
        ledger.settle();
        if (pacer.due()) await pacer.breathe();
      }
    }
    ledger.settle();
  }
  if (bytes < enough) {
    splitter.end();
    if (lacksTrailer(answer)) return { kind: 'no-trailer' };
  }
  ledger.end();
  return {
    kind: 'series',
    protocol: 'remote-read-chunks',
    set: { series, annotations: warningsOf(answer), bytes },
  };
}

/** What inflated samples take while they are read, by their bytes: themselves, and the columns that they become. */
const COST_OF_SAMPLES = 2;

/** Series that become columns between two looks at what they take: an empty one has two bytes, and takes hundreds. */
const SETTLE_EVERY = 64;

async function readSamples(
  answer: HttpAnswer,
  maxBytes: number,
  enough: number,
  scope: CallScope,
  isWanted: (labels: Labels) => boolean = () => true,
): Promise<RemoteReadAnswer> {
  const body = await readAll({ ...answer, body: firstBytes(answer.body, enough) });
  const series = new SeriesBatch();
  if (body.length < enough) {
    const length = Math.min(declaredLength(body), maxBytes);
    answer.budget.take(length * COST_OF_SAMPLES);
    const inflated = await inflateSnappy(body, maxBytes);
    const pacer = answerPacer(scope);
    const ledger = new BatchLedger(series, answer.budget);
    for (const found of readSampledSeries(inflated)) {
      if (found !== undefined && isWanted(found.labels))
        series.add(found.labels, { kind: 'columns', columns: found.columns });
      if (series.length % SETTLE_EVERY === 0) ledger.settle();
      if (pacer.due()) await pacer.breathe();
    }
    ledger.end();
    answer.budget.give(length * COST_OF_SAMPLES);
  }
  answer.budget.give(body.length);
  return {
    kind: 'series',
    protocol: 'remote-read-samples',
    set: { series, annotations: warningsOf(answer), bytes: body.length },
  };
}

function lacksTrailer({ header, trailer }: HttpAnswer): boolean {
  return header(WARNINGS_FOLLOW_HEADER) !== '' && trailer(WARNINGS_HEADER) === '';
}

/** Of an answer that was read. */
function warningsOf({ header, trailer }: HttpAnswer): RawSeriesSet['annotations'] {
  const warnings = trailer(WARNINGS_HEADER) || header(WARNINGS_HEADER);
  if (warnings === '') return [];
  try {
    return annotationsOf({ warnings: JSON.parse(warnings) as unknown });
  } catch {
    return [
      { kind: 'incomplete', message: 'its answer lacks something, but not in a form that can be read' },
    ];
  }
}

function wholeTime(ms: number): number {
  return Math.trunc(Math.min(Math.max(ms, -MAX_TIME), MAX_TIME));
}
