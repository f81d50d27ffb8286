import { TRUNCATED, TRUNCATED_TEXT, remark } from '../../model/annotations.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { EndpointNote } from '../answered.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';
import { EndpointError } from '../endpoint-error.ts';
import { answerPacer } from '../pace.ts';
import { parsePaced } from './paced-json.ts';
import { oneLine } from '../server-text.ts';
import { readAll, readHead } from './http-client.ts';
import type { HttpAnswer, HttpCall, HttpClient } from './http-client.ts';

/** Longest query string that goes into a GET; longer ones go as a form, since proxies cut at about 8 KiB. */
const MAX_QUERY_STRING = 2000;

/** Of a call; repeated ones are pairs with the same name. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** Makes a call of the HTTP API. */
export function apiCall(path: string, parameters: Parameters): HttpCall {
  const body = formText(parameters);
  if (body.length <= MAX_QUERY_STRING) return getCall(path, parameters);
  return { method: 'POST', path, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
}

/** The same for a call that is offered by GET alone, however long its parameters are. */
export function getCall(path: string, parameters: Parameters): HttpCall {
  const text = formText(parameters);
  return { method: 'GET', path: text === '' ? path : `${path}?${text}` };
}

/** `a=b&a=c`, percent-encoded. */
function formText(parameters: Parameters): string {
  const form = new URLSearchParams();
  for (const [name, value] of parameters) form.append(name, value);
  return form.toString();
}

/**
 * `start` and `end` in seconds; a side without a bound is left out. Servers take that for all they have, but none of
 * them takes the ends of int64 well: VictoriaMetrics lists no series then.
 */
export function timeParameters(minTime: number, maxTime: number): Parameters {
  return [
    ...(minTime > MIN_TIME ? [['start', seconds(minTime)] as const] : []),
    ...(maxTime < MAX_TIME ? [['end', seconds(maxTime)] as const] : []),
  ];
}

/** A time in ms as the API takes it. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** What the API itself reports as its error: the server has the call, and could not or would not answer it. */
export class ApiError extends EndpointError {
  override readonly name = 'ApiError';
}

export interface ApiAnswer {
  readonly data: unknown;
  readonly annotations: readonly EndpointNote[];
}

/** Calls the JSON API and opens the envelope. */
export async function callApi(client: HttpClient, call: HttpCall, scope: CallScope): Promise<ApiAnswer> {
  const answer = await client.send(call, scope);
  await checkAnswer(answer, call);
  return openAnswer(answer, scope);
}

/** Reads an answer with a good status and opens its envelope. Throws EndpointError. */
export async function openAnswer(answer: HttpAnswer, scope: CallScope): Promise<ApiAnswer> {
  const envelope = envelopeOf(await parsedList(answer, scope, 'data'));
  return { data: envelope['data'], annotations: annotationsOf(envelope) };
}

/** The body of a list as JSON; `once` is a member that it may not have twice. Throws EndpointError. */
export async function parsedList(answer: HttpAnswer, scope: CallScope, once?: string): Promise<unknown> {
  const body = await readAll(answer, parsedWeight);
  return parsePaced(body, answerPacer(scope), once);
}

/**
 * What a byte of JSON takes in memory: it is there as bytes, as a text, and as objects, which are much larger. Measured: 3 for
 * texts, 5 to 6 for labels of series, at the moment when all of it is there.
 */
const PARSED_COST = 5;
/**
 * What an object, a list and their items take besides, however little is in them: answers of millions of empty ones, or of numbers of
 * one digit, become much more than others of their size.
 */
const BESIDE: readonly (readonly [character: string, bytes: number])[] = [
  ['{', 64],
  ['[', 32],
  [',', 16],
];
const WEIGHTS: Uint8Array = weightsOfBytes();

function weightsOfBytes(): Uint8Array {
  const weights = new Uint8Array(256).fill(PARSED_COST);
  for (const [character, bytes] of BESIDE) weights[character.charCodeAt(0)] = PARSED_COST + bytes;
  return weights;
}

/** What a part of a JSON answer takes in memory once it is parsed, about. Those inside of texts are not told apart. */
export function parsedWeight(part: Uint8Array): number {
  let weight = 0;
  for (let i = 0; i < part.length; i++) weight += WEIGHTS[part[i]!]!;
  return weight;
}

/** The bytes of a JSON answer with a good status; anything else becomes a failure that says what came instead. */
export async function jsonBody(answer: HttpAnswer, call: HttpCall): Promise<Buffer> {
  await checkAnswer(answer, call);
  return readAll(answer);
}

/** Throws EndpointError for an answer that is no JSON with a good status. */
export async function checkAnswer(answer: HttpAnswer, call: HttpCall): Promise<void> {
  if (answer.status !== 200) throw await statusError(answer, call);
  if (!answer.contentType.includes('json')) throw await notTheApi(answer, call);
}

/** What an HTTP status that is no success means for this endpoint. */
export async function statusError(answer: HttpAnswer, call: HttpCall): Promise<EndpointError> {
  const { status } = answer;
  const path = pathOf(call);
  if (status >= 300 && status < 400) {
    await drain(answer);
    return new EndpointError(
      'bad_data',
      `HTTP ${status} for ${path}: it redirects elsewhere; configure the final address of the server`,
      { detail: `it redirects to ${answer.header('location') || 'nowhere'}` },
    );
  }
  const isRefused = status === 401 || status === 403;
  if (answer.contentType.includes('html') && !isRefused) return notTheApi(answer, call);
  const body = await readHead(answer.body);
  const kind = failureKind(status, body);
  const advice = isRefused ? "; check this endpoint's credentials" : '';
  const retryAfterMs = retryAfter(answer);
  const error = answer.contentType.includes('json') ? errorText(body) : undefined;
  if (error !== undefined)
    return new ApiError(kind, `HTTP ${status} for ${path}: ${oneLine(error)}${advice}`, { retryAfterMs });
  const limit = kind === 'too_large' ? ': the answer would exceed a limit of the server' : '';
  return new EndpointError(kind, `HTTP ${status} for ${path}${limit}${advice}`, {
    detail: body,
    retryAfterMs,
  });
}

/** A server that asks for a longer break is not asked again for the same request, s. */
const MOST_RETRY_AFTER_S = 1;

/** After which time a server that is busy may be asked again, ms (RFC 9110 §10.2.3); undefined where that is long, or not said. */
function retryAfter({ status, header }: HttpAnswer): number | undefined {
  const text = header('retry-after');
  if (!(status === 429 || status === 503) || !/^\d+$/.test(text)) return undefined;
  const seconds = Number(text);
  return seconds <= MOST_RETRY_AFTER_S ? seconds * 1000 : undefined;
}

/** Reads the rest of an answer that is not needed, so that its connection can serve again. */
export async function drain(answer: HttpAnswer): Promise<void> {
  await readHead(answer.body);
}

function failureKind(status: number, text: string): EndpointError['kind'] {
  if (status === 413 || /exceeded sample limit|too many samples|too large/i.test(text)) return 'too_large';
  if (status === 400) return 'bad_data';
  if (status === 422) return 'execution';
  if (status === 408 || status === 504) return 'timeout';
  return status >= 500 || status === 429 ? 'unavailable' : 'bad_data';
}

/** An answer from something else than a Prometheus API, such as a login page. */
export async function notTheApi(answer: HttpAnswer, call: HttpCall): Promise<EndpointError> {
  const type = oneLine(answer.contentType.split(';')[0]!, 50) || 'no content type';
  return new EndpointError(
    answer.status >= 500 ? 'unavailable' : 'bad_data',
    `HTTP ${answer.status} with ${type} for ${pathOf(call)} instead of an API answer; ` +
      'check that the address is that of a Prometheus API, and what stands in front of it',
    { detail: await readHead(answer.body) },
  );
}

/** The envelope of an answer. Throws what it reports as its error. */
export function envelopeOf(parsed: unknown): Readonly<Record<string, unknown>> {
  if (typeof parsed !== 'object' || parsed === null || !('status' in parsed))
    throw new EndpointError('bad_data', 'the JSON answer is not that of a Prometheus API: it has no status');
  const envelope = parsed as Readonly<Record<string, unknown>>;
  checkStatus(envelope);
  return envelope;
}

/** Throws what an envelope with a good HTTP status reports as its error. */
export function checkStatus(envelope: Readonly<Record<string, unknown>>): void {
  if (envelope['status'] === 'success') return;
  const error = envelope['error'];
  throw new ApiError(
    'execution',
    `it reports ${typeof error === 'string' ? oneLine(error) : 'an error without saying which'}`,
  );
}

const UNREADABLE = 'the server says something beside its answer, but not in a form that can be read';
/** Remarks that are kept of one answer, of each severity. */
const MOST_REMARKS = 100;

/** Warnings and infos of an envelope; `isPartial` is how VictoriaMetrics says that a part of its storage is missing. */
export function annotationsOf(envelope: Readonly<Record<string, unknown>>): readonly EndpointNote[] {
  const notes: EndpointNote[] = [];
  for (const message of remarks(envelope['warnings']))
    notes.push(message === TRUNCATED_TEXT ? TRUNCATED : { kind: 'incomplete', message });
  for (const message of remarks(envelope['infos'])) notes.push(remark('info', message));
  if (envelope['isPartial'] === true)
    notes.push({ kind: 'incomplete', message: 'the server marked its own answer as partial' });
  return notes;
}

/** A remark that is in no form that can be read is one all the same. */
function remarks(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const kept = all.slice(0, MOST_REMARKS).map((item) => (typeof item === 'string' ? item : UNREADABLE));
  const more = all.length - MOST_REMARKS;
  return [...new Set(kept.map((text) => oneLine(text, 500))), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** The error of a JSON envelope, of which this is the beginning; undefined where it is none. */
function errorText(head: string): string | undefined {
  const literal = /"error":\s*("(?:[^"\\]|\\.)*")/.exec(head)?.[1];
  if (literal === undefined) return undefined;
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

/** The path of a call, for messages. */
export function pathOf(call: HttpCall): string {
  return call.path.split('?')[0]!;
}
