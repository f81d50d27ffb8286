import type { Answer, Call } from './ask.ts';

/** What of an answer is compared. */
export type Aspect = 'status' | 'errorType' | 'error' | 'body' | (typeof HEADERS)[number];

/** Those by which clients and caches decide. */
const HEADERS = [
  'content-type',
  'content-encoding',
  'allow',
  'vary',
  'location',
  'cache-control',
  'x-content-type-options',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
] as const;

/** Headers whose order says nothing. */
const LISTS: ReadonlySet<string> = new Set(['allow', 'vary']);

export interface Difference {
  readonly aspect: Aspect;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** All in which two answers differ. Members of errors are told apart from other bodies. */
export function compareAnswers(expected: Answer, actual: Answer): readonly Difference[] {
  const aspects = [aspectsOf(expected), aspectsOf(actual)] as const;
  const names = new Set([...aspects[0].keys(), ...aspects[1].keys()]);
  return [...names].flatMap((aspect) => {
    const [before, after] = [aspects[0].get(aspect), aspects[1].get(aspect)];
    return before === after ? [] : [{ aspect, expected: before, actual: after }];
  });
}

function aspectsOf({ status, headers, body }: Answer): ReadonlyMap<Aspect, unknown> {
  const aspects = new Map<Aspect, unknown>([['status', status]]);
  for (const name of HEADERS) aspects.set(name, LISTS.has(name) ? inOrder(headers[name]) : headers[name]);
  const failure = failureIn(body);
  if (failure === undefined) return aspects.set('body', body);
  return aspects.set('errorType', failure.errorType).set('error', failure.error);
}

function failureIn(body: string): { readonly errorType: string; readonly error: string } | undefined {
  if (!body.startsWith('{"status":"error"')) return undefined;
  return JSON.parse(body) as { readonly errorType: string; readonly error: string };
}

export function nameOf({ method, path, headers = {}, body, what }: Call): string {
  const told = Object.entries(headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${name}: ${String(value)}`);
  const shown = typeof body === 'string' ? body : what;
  return [`${method} ${path}`, shown, ...told]
    .filter((part) => part !== undefined && part !== '')
    .join(' | ');
}

function inOrder(list: string | undefined): string | undefined {
  return list?.split(/,\s*/).toSorted().join(', ');
}
