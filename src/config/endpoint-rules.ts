import { isPrintableAscii } from '../model/ascii.ts';
import { withoutSecrets } from '../model/server-address.ts';
import type { Problem } from './problem.ts';
import { countOfTenants, tenantsProblems } from './endpoint-tenants.ts';
import { headerProblem, NEVER_OF_CALLERS } from './header-rules.ts';
import type { Access, BasicAuthConfig, EndpointConfig } from './endpoint-config.ts';

/** Of addresses that name it, also in front of a name to look up. */
const HTTP_SCHEME = /^(?:[a-z]+\+)?https?:\/\//;

/** What is wrong with an endpoint that has both. */
export const TLS_ON_PLAIN_TEXT = 'grpc:// is plain text, but TLS is configured; write grpcs://';

/** They are added to every series and compared with those of every endpoint. Servers have a handful. */
const MOST_EXTERNAL_LABELS = 100;

/** What of an endpoint's settings contradicts itself, so that a part of it would be left out without a word. */
export function endpointProblems(endpoint: EndpointConfig): readonly Problem[] {
  return [
    ...accessProblems(endpoint),
    ...labelProblems(Object.keys(endpoint.external_labels ?? {})),
    ...timeProblems(endpoint),
    ...httpProblems(endpoint),
    ...passedProblems(endpoint),
    ...tenantsProblems(endpoint),
  ];
}

/** The same of how a server is asked. */
export function accessProblems(server: Access & { readonly address: string }): readonly Problem[] {
  const { address, basic_auth: basic, bearer_token: token, bearer_token_file: file, headers } = server;
  const problems: Problem[] = [];
  const add = (path: string | readonly string[], message: string): void =>
    void problems.push({ path: [path].flat(), message });
  if (token !== undefined && file !== undefined)
    add('bearer_token', 'stands beside bearer_token_file; keep one of them');
  const hasBearer = token !== undefined || file !== undefined;
  if (basic !== undefined && hasBearer) add('basic_auth', 'stands beside a bearer token; keep one of them');
  if (token !== undefined && !isPrintableAscii(token))
    add('bearer_token', `of ${withoutSecrets(address)} must be one line of printable ASCII`);
  const transport = HTTP_SCHEME.test(address) ? 'HTTP' : 'gRPC';
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(transport, name, value);
    if (problem !== undefined) add(['headers', name], `of ${withoutSecrets(address)} ${problem}`);
    else if (seen.has(name.toLowerCase()))
      add(['headers', name], 'is there twice, since case does not matter; keep one of them');
    else if (name.toLowerCase() === 'authorization' && (basic !== undefined || hasBearer))
      add(['headers', name], 'stands beside basic_auth or a bearer token; keep one of them');
    seen.add(name.toLowerCase());
  }
  return problems;
}

/** A moment and one that moves with the clock may be either way around. */
function timeProblems({ min_time: min, max_time: max }: EndpointConfig): readonly Problem[] {
  const isEmpty = min !== undefined && max !== undefined && min.kind === max.kind && min.ms >= max.ms;
  return isEmpty ? [{ path: ['min_time'], message: 'must be before max_time' }] : [];
}

/** What only a request over HTTP can have. */
const OVER_HTTP = ['kind', 'parameters', 'pass_headers', 'tenants'] as const;

/** Which of the settings that have an effect over HTTP alone an endpoint has. */
export function settingsOverHttp(
  endpoint: Pick<EndpointConfig, (typeof OVER_HTTP)[number]>,
): readonly (typeof OVER_HTTP)[number][] {
  return OVER_HTTP.filter((name) => endpoint[name] !== undefined);
}

function httpProblems(endpoint: EndpointConfig): readonly Problem[] {
  const { address } = endpoint;
  if (HTTP_SCHEME.test(address)) return [];
  return settingsOverHttp(endpoint).map((name) => ({
    path: [name],
    message: `has no effect on ${withoutSecrets(address)}, which is asked over gRPC; leave it out, or write http:// in front of it`,
  }));
}

/** A few name the tenant and the like. */
const MOST_PASSED = 10;

function passedProblems({ pass_headers: names = [], replication }: EndpointConfig): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (message: string): void => void problems.push({ path: ['pass_headers'], message });
  if (names.length > MOST_PASSED)
    add(`has ${names.length} names; the most that are passed on are ${MOST_PASSED}`);
  for (const name of names) {
    const problem = headerProblem('HTTP', name, '');
    if (problem !== undefined) add(`${JSON.stringify(name)} ${problem}`);
    else if (NEVER_OF_CALLERS.has(name.toLowerCase()))
      add(`${name} is for the gateway itself, and is never passed on; leave it out`);
  }
  if (names.length > 0 && replication !== undefined && replication !== 'disjoint')
    problems.push({
      path: ['replication'],
      message:
        'must be disjoint, or be left out, beside pass_headers: what a server has for each caller is not known, so nothing can stand in for it',
    });
  return problems;
}

/** Why an endpoint cannot be sent headers of callers where tenants are told apart here; undefined where it is sent none. */
export function passedDespiteTenants({
  pass_headers: names = [],
}: Pick<EndpointConfig, 'pass_headers'>): string | undefined {
  return names.length === 0
    ? undefined
    : 'stands beside tenancy.enforce: a tenant could choose by the header what it sees; leave one of them out';
}

function labelProblems(names: readonly string[]): readonly Problem[] {
  const problems: Problem[] = [];
  if (names.length > MOST_EXTERNAL_LABELS)
    problems.push({
      path: ['external_labels'],
      message: `has ${names.length} labels; a server may have ${MOST_EXTERNAL_LABELS} at most`,
    });
  for (const name of names)
    if (name === '' || name === '__name__')
      problems.push({
        path: ['external_labels', name],
        message: `no server has a label ${JSON.stringify(name)} of its own; leave it out`,
      });
  return problems;
}

export function basicAuthProblem(auth: BasicAuthConfig): string | undefined {
  const { username, password, password_file: file } = auth;
  // RFC 7617 §2: the first colon ends the user name, so the rest of it would be taken for the password.
  if (username.includes(':'))
    return 'has a username with a colon, which no server can tell from the password';
  if (password !== undefined && file !== undefined) return 'has password and password_file; keep one of them';
  if (password === undefined && file === undefined) return "needs password or password_file; '' is none";
  return undefined;
}

/**
 * What an endpoint is asked for beside its address, as a text that is equal where it is the same: headers, parameters and credentials may
 * choose a tenant, and configured labels say whose series they are. All other settings are about how it is asked. It
 * may hold secrets.
 */
export function accessKey(endpoint: Omit<EndpointConfig, 'address' | 'strict'>): string {
  const {
    headers,
    parameters,
    pass_headers: passed,
    tenants,
    external_labels: labels,
    basic_auth: basic,
    bearer_token: token,
    tls,
  } = endpoint;
  const byName = (record: Readonly<Record<string, string>>): unknown =>
    Object.entries(record)
      .map(([name, value]) => [name, value])
      .sort(([a], [b]) => (a! < b! ? -1 : 1));
  return JSON.stringify([
    byName(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))),
    labels && byName(labels),
    basic && [basic.username, basic.password, basic.password_file],
    token,
    endpoint.bearer_token_file,
    tls?.cert_file,
    parameters && byName(parameters),
    passed?.map((name) => name.toLowerCase()).toSorted(),
    tenants && [tenants.header?.toLowerCase(), byName(tenants.values)],
  ]);
}

/** Each is asked again and again, and by every query that may concern it. */
const MOST_ENDPOINTS = 1000;

/** A list that is longer than a gateway can look after. */
export function tooManyEndpoints(endpoints: readonly EndpointConfig[]): readonly Problem[] {
  const count = endpoints.reduce((sum, endpoint) => sum + countOfTenants(endpoint), 0);
  if (count <= MOST_ENDPOINTS) return [];
  const message = `has ${count} endpoints; a gateway asks ${MOST_ENDPOINTS} at most, so put several gateways in front of parts of them, and one in front of those`;
  return [{ path: [], message }];
}

/** Endpoints that are listed again, each with where. One address may serve several tenants. */
export function repeatedEndpoints(endpoints: readonly EndpointConfig[]): readonly Problem[] {
  return repeated(endpoints, (address) => address).map(({ position, address }) => ({
    path: [position, 'address'],
    message: `${withoutSecrets(address)} is listed twice; each server counts once`,
  }));
}

/** The same of those that are written in another way: with capitals in the host, or a slash at the end. */
export function respelledEndpoints(endpoints: readonly EndpointConfig[]): readonly Problem[] {
  return repeated(endpoints, plainAddress).map(({ position, address }) => ({
    path: [position, 'address'],
    message: `${withoutSecrets(address)} is listed twice, in two spellings; each server counts once`,
  }));
}

function repeated(
  endpoints: readonly EndpointConfig[],
  plain: (address: string) => string,
): readonly { readonly position: number; readonly address: string }[] {
  const known = new Set<string>();
  return endpoints.flatMap((endpoint, position) => {
    const { address } = endpoint;
    const key = JSON.stringify([plain(address), accessKey(endpoint)]);
    if (known.has(key)) return [{ position, address }];
    known.add(key);
    return [];
  });
}

function plainAddress(address: string): string {
  return HTTP_SCHEME.test(address) && URL.canParse(address)
    ? new URL(address).href.replace(/\/+$/, '')
    : address;
}
