import type { CallScope } from '../../model/request-scope.ts';
import { ApiError, callApi, drain, notTheApi, openAnswer, statusError } from './api-call.ts';
import type { ApiAnswer } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import type { HttpAnswer, HttpCall, HttpClient } from './http-client.ts';

/**
 * What an answer that is none tells of the call: that the server does not have it, perhaps that, or that it failed.
 *
 * 404, 405, 410 and 501 say it. But servers and proxies also answer 400 (VictoriaMetrics: "unsupported path"), 403, 415, 422,
 * redirects and pages of HTML with 200 to a path that they do not know. What they mean then shows in what the server answers
 * to a call that every server has ({@link checkQueries}). An overload, other 5xx and demands for credentials are failures.
 */
export type Refusal = 'not-offered' | 'unclear' | 'failed';

/** 4xx that are about the moment or the caller, and never about the path. */
const FAILURES: ReadonlySet<number> = new Set([401, 407, 408, 413, 429]);

export function refusalOf({ status }: Pick<HttpAnswer, 'status'>): Refusal {
  if (status === 404 || status === 405 || status === 410 || status === 501) return 'not-offered';
  return status >= 500 || FAILURES.has(status) ? 'failed' : 'unclear';
}

/** Whether an error is that of an agent, which has no call that reads samples. */
export function isAgentText(message: string): boolean {
  return message.includes('unavailable with Prometheus Agent');
}

/** Makes the cheapest query. Throws EndpointError where the server does not answer it as an API does. */
export async function checkQueries(client: HttpClient, scope: CallScope): Promise<void> {
  await callApi(client, { method: 'GET', path: '/api/v1/query?query=1' }, scope);
}

/**
 * The answer to a call that a server may not have; undefined where it does not. Where the answer leaves that open, it does
 * not have the call if it answers queries: then neither the address nor the server is at fault. Throws EndpointError.
 * @param mayBeHidden true where a page of HTML or a redirect is no sign that the call is not there, because its answer is
 * needed and may only be hidden behind a login.
 */
export async function sendIfOffered(
  client: HttpClient,
  call: HttpCall,
  scope: CallScope,
  mayBeHidden = false,
): Promise<HttpAnswer | undefined> {
  const answer = await client.send(call, scope);
  if (answer.status === 200 && answer.contentType.includes('json')) return answer;
  const isPage = answer.contentType.includes('html');
  const refusal = refusalOf(answer);
  if (refusal === 'not-offered' && !isPage) {
    await drain(answer);
    return undefined;
  }
  const error = answer.status === 200 ? await notTheApi(answer, call) : await statusError(answer, call);
  const isHidden = mayBeHidden && (isPage || answer.status < 400);
  // What is denied is there.
  const isDenied = answer.status === 403;
  if (isAgentText(error.message)) return undefined;
  if (refusal === 'failed' || isDenied || isHidden || error instanceof ApiError) throw error;
  try {
    await checkQueries(client, scope);
  } catch (thrown) {
    throw thrown instanceof EndpointError && !scope.signal.aborted ? error : thrown;
  }
  return undefined;
}

/** The opened envelope of such an answer. Throws EndpointError. */
export async function callIfOffered(
  client: HttpClient,
  call: HttpCall,
  scope: CallScope,
): Promise<ApiAnswer | undefined> {
  const answer = await sendIfOffered(client, call, scope);
  return answer === undefined ? undefined : openAnswer(answer, scope);
}
