import type { EnvelopeJson } from '../../src/http/api/envelope.ts';
import { tenant } from '../state/settings.ts';
import { absoluteUrl } from './base.ts';

/** An answer of the API with what is said beside it. */
export interface Answer<T> {
  readonly data: T;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What the gateway refused, or why no answer came. */
export class Failure extends Error {
  /** As the API names it, such as `bad_data`; `unreachable` where no answer came. */
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

export type Form = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Asking {
  readonly signal?: AbortSignal | undefined;
  /** GET where it is left out. Queries are sent by POST, because they may be longer than an address. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** The data of an answer without content. */
  readonly whereEmpty?: unknown;
}

/** Calls `/api/v1/<path>`. Rejects with a {@link Failure}, or with an AbortError where it was canceled. */
export async function ask<T>(
  path: string,
  form: Form = {},
  { signal, method = 'GET', whereEmpty }: Asking = {},
): Promise<Answer<T>> {
  const body = encodeForm(form);
  const text = body.toString();
  const url = absoluteUrl(`api/v1/${path}`);
  const response = await reach(method === 'GET' && text !== '' ? `${url}?${text}` : url, {
    method,
    headers: { Accept: 'application/json', ...tenantHeader() },
    ...(method === 'POST' && { body }),
    ...(signal !== undefined && { signal }),
  });
  if (response.status === 204 && whereEmpty !== undefined)
    return { data: whereEmpty as T, warnings: [], infos: [] };
  const envelope = await readEnvelope<T>(response);
  if (envelope.status === 'error') throw new Failure(envelope.errorType, envelope.error);
  const { data, warnings = [], infos = [] } = envelope;
  return { data, warnings, infos };
}

/** As whom the page asks, as a header. */
export function tenantHeader(): Readonly<Record<string, string>> {
  return tenant.value === undefined ? {} : { [tenant.value.header]: tenant.value.name };
}

export function encodeForm(form: Form): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) if (value !== undefined) body.append(name, String(value));
  return body;
}

/** Sends a call. Rejects with a {@link Failure} where no answer comes. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Failure(
      'unreachable',
      'The gateway did not answer. Check whether it runs, and the network to it.',
    );
  }
}

/** Reads an answer. Rejects with a {@link Failure} where it is none of the API. */
export async function readEnvelope<T>(response: Response): Promise<EnvelopeJson<T>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as EnvelopeJson<T>;
  } catch {
    const start = text.slice(0, 200).trim();
    throw new Failure(
      'unreachable',
      `Something answered with status ${response.status}, and not as the API does: ${start}`,
    );
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
