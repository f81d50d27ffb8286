import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { bcryptCost } from '../../model/bcrypt-hash.ts';
import { QueryError } from '../../model/errors.ts';
import { describeIssue, keyText } from '../describe-issue.ts';
import { readConfigDocument } from '../document.ts';
import { headerProblem } from '../header-rules.ts';
import { CURVES, FOR_HTTP2, isCipherSuite, TLS_VERSIONS } from './ciphers.ts';
import { goBoolean, goDuration, goInteger, goText } from './go-values.ts';

/** What Prometheus calls a web configuration (exporter-toolkit docs/web-configuration.md), with its keys. Times in ms. */
export interface WebConfig {
  /** Undefined where nothing of it asks for TLS. */
  readonly tls_server_config: WebTlsConfig | undefined;
  readonly http_server_config: {
    readonly http2: boolean;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Hashes of passwords by user. */
  readonly basic_auth_users: Readonly<Record<string, string>>;
  /** An interval of 0 or less is no limit. */
  readonly rate_limit: { readonly interval: number; readonly burst: number };
}

/** Empty texts are not set. Names of files are taken from the folder of the configuration. */
export interface WebTlsConfig {
  readonly cert: string;
  readonly key: string;
  readonly client_ca: string;
  readonly cert_file: string;
  readonly key_file: string;
  readonly client_ca_file: string;
  readonly client_auth_type: ClientAuthType;
  /** Undefined where every certificate will do. */
  readonly client_allowed_sans: readonly string[] | undefined;
  readonly min_version: string;
  readonly max_version: string;
  readonly cipher_suites: readonly string[];
  readonly curve_preferences: readonly string[];
  readonly prefer_server_cipher_suites: boolean;
}

/** Go's names (crypto/tls, ClientAuthType). */
const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];

/** An older name that is still taken. */
const FORMER_NAMES: Readonly<Record<string, ClientAuthType>> = {
  '': 'NoClientCert',
  RequireClientCert: 'RequireAnyClientCert',
};

/** The headers that may be set, with the values that each may have; any where none is listed. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'Strict-Transport-Security': [],
  'X-Content-Type-Options': ['nosniff'],
  'X-Frame-Options': ['deny', 'sameorigin'],
  'X-XSS-Protection': [],
  'Content-Security-Policy': [],
};

const named = (what: string, isKnown: (name: string) => boolean, known: string): z.ZodType<string> =>
  goText.refine(isKnown, { error: ({ input }) => `${JSON.stringify(String(input))} is no ${what}${known}` });

const names = (name: z.ZodType<string>): z.ZodType<readonly string[] | undefined> =>
  z.preprocess((value) => value ?? undefined, z.array(name).optional());

const version = (usual: string): z.ZodType<string> =>
  z.preprocess(
    (value) => value ?? usual,
    named(
      'version of TLS',
      (name) => TLS_VERSIONS.has(name),
      `; use one of ${[...TLS_VERSIONS.keys()].join(', ')}`,
    ),
  );

const tls = z.strictObject({
  cert: goText.default(''),
  key: goText.default(''),
  client_ca: goText.default(''),
  cert_file: goText.default(''),
  key_file: goText.default(''),
  client_auth_type: goText.default(''),
  client_ca_file: goText.default(''),
  client_allowed_sans: names(goText),
  min_version: version('TLS12'),
  max_version: version('TLS13'),
  cipher_suites: names(named('cipher suite that is safe', isCipherSuite, '')),
  prefer_server_cipher_suites: goBoolean(true),
  curve_preferences: names(
    named('curve', (name) => CURVES.has(name), `; use one of ${[...CURVES.keys()].join(', ')}`),
  ),
});

const NO_HEADER = `cannot be set; allowed here: ${Object.keys(HEADERS).join(', ')}`;

function valueProblem(name: string, value: string, allowed: readonly string[]): string | undefined {
  return allowed.length > 0 && !allowed.includes(value)
    ? `must be one of ${allowed.join(', ')}`
    : headerProblem('HTTP', name, value);
}

const orEmpty = (value: unknown): unknown => value ?? {};

const headers = z.record(z.string(), goText).superRefine((given, context) => {
  for (const [name, value] of Object.entries(given)) {
    const allowed = Object.hasOwn(HEADERS, name) ? HEADERS[name]! : undefined;
    const problem = allowed === undefined ? NO_HEADER : valueProblem(name, value, allowed);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: [name], message: problem });
  }
});

const users = z.record(z.string(), goText).superRefine((given, context) => {
  for (const [user, hash] of Object.entries(given))
    if (bcryptCost(hash) === undefined)
      context.addIssue({
        code: 'custom',
        path: [user],
        message: 'is no bcrypt hash; make one by htpasswd -nBC 10 ""',
      });
});

const schema = z.strictObject({
  tls_server_config: z.preprocess(orEmpty, tls),
  http_server_config: z.preprocess(
    orEmpty,
    z.strictObject({ http2: goBoolean(true), headers: z.preprocess(orEmpty, headers) }),
  ),
  basic_auth_users: z.preprocess(orEmpty, users),
  rate_limit: z.preprocess(orEmpty, z.strictObject({ interval: goDuration.default(0), burst: goInteger })),
});

/**
 * Reads a web configuration. It takes and refuses what Prometheus does; what a refusal says quotes no secret.
 * @throws QueryError `bad_data` with one line a problem: file, line, key, and what is allowed.
 */
export function readWebConfig(file: string, content: string): WebConfig {
  const document = readConfigDocument({ file, text: content });
  const parsed = schema.safeParse(document.value ?? {});
  const problems = parsed.success
    ? tlsProblems(parsed.data.tls_server_config, parsed.data.http_server_config.http2)
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, schema));
  if (problems.length > 0) {
    const lines = problems.map(({ path, message }) => {
      const line = document.lineOf(path);
      const at = line === undefined ? file : `${file}:${line}`;
      return path.length === 0 ? `${at}: it ${message}` : `${at}: ${keyText(path)}: ${message}`;
    });
    throw new QueryError('bad_data', lines.join('\n'));
  }
  const { tls_server_config: given, ...rest } = parsed.data!;
  return { ...rest, tls_server_config: isEnabled(given) ? tlsFrom(dirname(file), given) : undefined };
}

type GivenTls = z.output<typeof tls>;

/** Any of these asks for TLS; versions, suites and names of clients alone do not. */
function isEnabled({
  cert,
  key,
  client_ca: ca,
  cert_file,
  key_file,
  client_ca_file,
  client_auth_type,
}: GivenTls): boolean {
  return [cert, key, ca, cert_file, key_file, client_ca_file, client_auth_type].some((text) => text !== '');
}

function tlsProblems(given: GivenTls, http2: boolean): readonly { path: string[]; message: string }[] {
  if (!isEnabled(given)) return [];
  const problems: { path: string[]; message: string }[] = [];
  const add = (key: string, message: string): void =>
    void problems.push({ path: ['tls_server_config', ...(key === '' ? [] : [key])], message });
  if (given.cert === '' && given.cert_file === '') add('', 'needs cert or cert_file');
  if (given.key === '' && given.key_file === '') add('', 'needs key or key_file');
  const type = clientAuthType(given.client_auth_type);
  const ca = given.client_ca_file === '' ? 'client_ca' : 'client_ca_file';
  if (type === undefined) add('client_auth_type', `must be one of ${CLIENT_AUTH_TYPES.join(', ')}`);
  if (type === 'NoClientCert' && given[ca] !== '')
    add(ca, 'has no effect without client_auth_type; set that to RequireAndVerifyClientCert');
  const { cipher_suites: suites = [], min_version: least } = given;
  if (http2 && least !== 'TLS13' && suites.length > 0 && !FOR_HTTP2.some((name) => suites.includes(name)))
    add('cipher_suites', `needs ${FOR_HTTP2.join(' or ')} for HTTP/2, or http_server_config.http2: false`);
  return problems;
}

function clientAuthType(name: string): ClientAuthType | undefined {
  return (
    CLIENT_AUTH_TYPES.find((each) => each === name) ??
    (Object.hasOwn(FORMER_NAMES, name) ? FORMER_NAMES[name] : undefined)
  );
}

function tlsFrom(folder: string, given: GivenTls): WebTlsConfig {
  const from = (file: string): string => (file === '' || isAbsolute(file) ? file : join(folder, file));
  return {
    ...given,
    cert_file: from(given.cert_file),
    key_file: from(given.key_file),
    client_ca_file: from(given.client_ca_file),
    client_auth_type: clientAuthType(given.client_auth_type)!,
    client_allowed_sans: given.client_allowed_sans,
    cipher_suites: given.cipher_suites ?? [],
    curve_preferences: given.curve_preferences ?? [],
  };
}
