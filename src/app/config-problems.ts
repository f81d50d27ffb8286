import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseEndpointAddress } from '../cluster/discovery/address.ts';
import { readTokens } from '../config/access-tokens.ts';
import type { AccessConfig, Config } from '../config/config.ts';
import { checkKeySet } from './access/check-key-set.ts';
import type { DiscoveryConfig } from '../config/discovery-config.ts';
import type { Access, EndpointConfig, TlsConfig } from '../config/endpoint-config.ts';
import { respelledEndpoints, TLS_ON_PLAIN_TEXT } from '../config/endpoint-rules.ts';
import type { Problem } from '../config/problem.ts';
import { isPrintableAscii } from '../model/ascii.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { grpcTarget, LOOKUP_PREFIX, noAddress } from '../model/server-address.ts';
import { featureProblem } from './known-features.ts';
import { PemFiles, type Pem } from './pem-files.ts';
import { SecretFile } from './secret-file.ts';
import { webSettingsOf } from './access/web-settings.ts';
import { readTextFile } from './read-text-file.ts';
import { tracingConfigOf } from './tracing-config-of.ts';

/**
 * What of a valid configuration keeps the gateway from starting: names that cannot be looked up, and files of secrets and
 * certificates that cannot be used. It reads these files.
 */
export function startProblems({
  access,
  endpoints,
  discovery,
  grpc,
  grpc_client: client,
  http,
  query,
  shared_cache: shared,
  tracing,
}: Config): readonly Problem[] {
  const { cert_file: cert, key_file: key, client_ca_file: ca } = grpc.tls ?? {};
  return [
    ...endpoints.flatMap((endpoint, i) => below(['endpoints', i], endpointProblems(endpoint))),
    ...below(['discovery'], discoveryProblems(discovery)),
    ...below(['http'], webProblems(http.config_file)),
    ...below(['access'], tokenProblems(access)),
    ...below(
      ['grpc'],
      at('tls', () => useful({ cert, key, ca })),
    ),
    ...below(['grpc_client'], tlsProblems(client.tls)),
    ...below(['query'], logProblems(query.log_file)),
    ...below(['shared_cache', 'redis'], cacheProblems(shared.redis)),
    ...below(['shared_cache', 'memcached'], cacheProblems(shared.memcached)),
    ...below(['tracing'], tracingProblems(tracing)),
  ];
}

/**
 * What a start forgives, because a command line of Thanos may have it, but is a mistake in a file: addresses that are none, of
 * which each answer says that an endpoint is missing, servers under two spellings, which are asked once, and features that nobody knows.
 */
export function forgivenProblems({ endpoints, enable_features: features }: Config): readonly Problem[] {
  return [
    ...below(['endpoints'], respelledEndpoints(endpoints)),
    ...endpoints.flatMap(({ address, tls }, i): readonly Problem[] => {
      const isRead =
        /^https?:\/\//.test(address) || LOOKUP_PREFIX.test(address) || grpcTarget(address) !== undefined;
      if (!isRead) return [{ path: ['endpoints', i, 'address'], message: noAddress(address) }];
      return address.startsWith('grpc://') && tls !== undefined
        ? [{ path: ['endpoints', i, 'tls'], message: TLS_ON_PLAIN_TEXT }]
        : [];
    }),
    ...features.flatMap((feature, i) => {
      const problem = featureProblem(feature);
      return problem === undefined
        ? []
        : [{ path: ['enable_features', i], message: `${feature} ${problem}` }];
    }),
  ];
}

function discoveryProblems({ files, http, kubernetes }: DiscoveryConfig): readonly Problem[] {
  const ofFound = ({ endpoint }: { readonly endpoint: Access }): readonly Problem[] =>
    below(['endpoint'], accessProblems(endpoint));
  const ofList = (list: Access & { readonly endpoint: Access }): readonly Problem[] => [
    ...accessProblems(list),
    ...ofFound(list),
  ];
  return [
    ...files.flatMap((file, i) => below(['files', i], ofFound(file))),
    ...http.flatMap((list, i) => below(['http', i], ofList(list))),
    ...kubernetes.flatMap((list, i) => below(['kubernetes', i], ofList(list))),
  ];
}

function endpointProblems(endpoint: EndpointConfig): readonly Problem[] {
  return [...at('address', () => parseEndpointAddress(endpoint.address)), ...accessProblems(endpoint)];
}

function accessProblems({ basic_auth: basic, bearer_token_file: token, tls }: Access): readonly Problem[] {
  return [
    ...below(
      ['basic_auth'],
      at('password_file', () => secretOf(basic?.password_file)),
    ),
    ...at('bearer_token_file', () => {
      if (!isPrintableAscii(secretOf(token)))
        throw new QueryError('bad_data', `${token} must hold one token: one line of printable ASCII`);
    }),
    ...tlsProblems(tls),
  ];
}

function webProblems(file: string | undefined): readonly Problem[] {
  return file === undefined
    ? []
    : at('config_file', () => webSettingsOf(file, (name) => readTextFile(name)!));
}

function tokenProblems({ tokens_file: file, jwt }: AccessConfig): readonly Problem[] {
  const jwks = jwt?.jwks_file;
  return [
    ...(file === undefined ? [] : at('tokens_file', () => readTokens(file, readTextFile(file)!))),
    ...(jwks === undefined
      ? []
      : below(
          ['jwt'],
          at('jwks_file', () => checkKeySet(jwks, readTextFile(jwks)!)),
        )),
  ];
}

function tracingProblems(source: Config['tracing']): readonly Problem[] {
  return at(source.config_file === undefined ? 'config' : 'config_file', () => {
    const { ca_file: ca, cert_file: cert, key_file: key } = tracingConfigOf(source)?.tls_config ?? {};
    useful({ ca: ca || undefined, cert: cert || undefined, key: key || undefined });
  });
}

/** It is not made here: to check a configuration leaves nothing behind. */
function logProblems(file: string | undefined): readonly Problem[] {
  if (file === undefined) return [];
  return at('log_file', () => {
    try {
      const known = statSync(file, { throwIfNoEntry: false });
      if (known?.isDirectory() === true) throw new Error('it is a folder');
      accessSync(known === undefined ? dirname(file) : file, constants.W_OK);
    } catch (thrown) {
      throw new QueryError(
        'bad_data',
        `the query log ${file} cannot be written: ${messageOf(thrown)}; change the name, or the rights of its folder`,
        { cause: thrown },
      );
    }
  });
}

function tlsProblems(tls: TlsConfig | undefined): readonly Problem[] {
  return at('tls', () => useful({ ca: tls?.ca_file, cert: tls?.cert_file, key: tls?.key_file }));
}

/** Files of a shared cache. */
function cacheProblems(
  server: { readonly password_file?: string | undefined; readonly tls?: TlsConfig | undefined } | undefined,
): readonly Problem[] {
  return [...at('password_file', () => secretOf(server?.password_file)), ...tlsProblems(server?.tls)];
}

/** Nobody hears of later changes: the files are looked at once. */
const unheard = (): void => {};

function secretOf(file: string | undefined): string {
  return file === undefined ? '' : new SecretFile(file, unheard).current();
}

function useful(files: Pem): void {
  void new PemFiles(files, unheard);
}

/** The problem that a check throws, under this key. */
function at(key: string, check: () => unknown): readonly Problem[] {
  try {
    check();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof QueryError) || thrown.kind !== 'bad_data') throw thrown;
    return [{ path: [key], message: messageOf(thrown) }];
  }
}

function below(path: readonly PropertyKey[], problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}
