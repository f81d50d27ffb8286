import type { Annotation } from '../../model/annotations.ts';
import { EndpointError } from '../endpoint-error.ts';
import { readAll, readExcerpt } from './http-client.ts';
import type { HttpAnswer, HttpCall, HttpClient } from './http-client.ts';

/** Longest query string that goes into a GET; longer ones go as a form, since proxies cut at about 8 KiB. */
const MAX_QUERY_STRING = 2000;

/** Makes a call of the HTTP API. Repeated parameters are pairs with the same name. */
export function apiCall(
  path: string,
  parameters: readonly (readonly [name: string, value: string])[],
): HttpCall {
  const text = formText(parameters);
  if (text.length <= MAX_QUERY_STRING) return { method: 'GET', path: text === '' ? path : `${path}?${text}` };
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: text,
  };
}

/** `a=b&a=c`, percent-encoded. */
export function formText(parameters: readonly (readonly [name: string, value: string])[]): string {
  const form = new URLSearchParams();
  for (const [name, value] of parameters) form.append(name, value);
  return form.toString();
}

/** Writes ms since the epoch as the API's seconds, to the millisecond. */
export function apiTime(ms: number): string {
  return (ms / 1000).toFixed(3);
}

export interface ApiAnswer {
  readonly data: unknown;
  readonly annotations: readonly Annotation[];
}

/** Calls the JSON API and opens the envelope. */
export async function callApi(client: HttpClient, call: HttpCall, signal: AbortSignal): Promise<ApiAnswer> {
  const answer = await client.send(call, signal);
  const envelope = parseEnvelope(await jsonBody(answer, call));
  return { data: envelope['data'], annotations: annotationsOf(envelope) };
}

/** The bytes of a JSON answer with a good status; anything else becomes a failure that says what came instead. */
export async function jsonBody(answer: HttpAnswer, call: HttpCall): Promise<Buffer> {
  if (answer.status !== 200) throw await statusError(answer, call);
  if (!answer.contentType.includes('json')) throw await notTheApi(answer, call);
  return readAll(answer.body);
}

/** What an HTTP status that is no success means for this endpoint. */
export async function statusError(answer: HttpAnswer, call: HttpCall): Promise<EndpointError> {
  const { status } = answer;
  const path = pathOf(call);
  if (status >= 300 && status < 400) {
    await drain(answer);
    return new EndpointError(
      'bad_data',
      `${path} redirects to ${answer.location || 'nowhere'}; configure the final address of the server`,
    );
  }
  const isPage = answer.contentType.includes('html');
  const isRefused = status === 401 || status === 403;
  if (isPage && !isRefused) return notTheApi(answer, call);
  const text = errorText(await readExcerpt(answer.body));
  const said = text === '' || isPage ? '' : `: ${text}`;
  if (isRefused)
    return new EndpointError(
      'bad_data',
      `HTTP ${status} for ${path}${said}; check this endpoint's credentials`,
    );
  const kind = failureKind(status, text);
  return new EndpointError(kind, `HTTP ${status} for ${path}${said}`);
}

/** Reads the rest of an answer that nobody needs, so that its connection can serve again. */
export async function drain(answer: HttpAnswer): Promise<void> {
  await readExcerpt(answer.body);
}

/** True where a server says that it has no such call, as opposed to failing in it. */
export function isNotOffered(status: number): boolean {
  return status === 404 || status === 405 || status === 410 || status === 501;
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
  const excerpt = await readExcerpt(answer.body);
  const type = answer.contentType.split(';')[0]!.trim() || 'no content type';
  return new EndpointError(
    answer.status >= 500 ? 'unavailable' : 'bad_data',
    `HTTP ${answer.status} with ${type} for ${pathOf(call)} instead of an API answer (${JSON.stringify(excerpt)}); ` +
      'check that the address is that of a Prometheus API, and what stands in front of it',
  );
}

export function parseEnvelope(body: Buffer): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new EndpointError(
      'bad_data',
      `the answer is no valid JSON (${body.length} bytes); it may have been cut on the way`,
      { cause },
    );
  }
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
  throw new EndpointError(
    'execution',
    `it reports ${typeof error === 'string' ? error : 'an error without saying which'}`,
  );
}

/** Warnings and infos of an envelope; `isPartial` is how VictoriaMetrics says that a part of its storage is missing. */
export function annotationsOf(envelope: Readonly<Record<string, unknown>>): readonly Annotation[] {
  const annotations: Annotation[] = [];
  for (const message of strings(envelope['warnings'])) annotations.push({ severity: 'warning', message });
  for (const message of strings(envelope['infos'])) annotations.push({ severity: 'info', message });
  if (envelope['isPartial'] === true)
    annotations.push({ severity: 'warning', message: 'the server marked its own answer as partial' });
  return annotations;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The error of a JSON envelope, which may have been cut; all of the text where there is none. */
function errorText(excerpt: string): string {
  const literal = /"error":("(?:[^"\\]|\\.)*")/.exec(excerpt)?.[1];
  if (literal === undefined) return excerpt;
  try {
    return String(JSON.parse(literal));
  } catch {
    return excerpt;
  }
}

function pathOf(call: HttpCall): string {
  return call.path.split('?')[0]!;
}
