import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { webSettingsOf } from '../../../src/app/access/web-settings.ts';
import { readTextFile } from '../../../src/app/read-text-file.ts';
import { readWebConfig } from '../../../src/config/web/web-config.ts';
import { CERTIFICATES } from '../../support/certificates.ts';

const HASH = '$2y$10$2UXri9cIDdgeKjBo4Rlpx.U3ZLDV8X1IxKmsfOvhcM5oXQt/mLmXq';
const PAIR = 'cert_file: server.crt, key_file: server.key';
const tls = (more = ''): string => `tls_server_config: { ${PAIR}${more === '' ? '' : `, ${more}`} }`;

/** A text, what is wrong with it (undefined where it is taken), and whether promtool 2.42 knows its keys. */
type Row = readonly [text: string, problem: RegExp | undefined, isKnownTo242?: boolean];

const inline = (pem: string): string => pem.trimEnd().replaceAll('\n', '\n    ');
const INLINE = `tls_server_config:\n  cert: |\n    ${inline(CERTIFICATES.server.cert)}\n  key: |\n    ${inline(CERTIFICATES.server.key)}\n`;

/** Kinds of the documentation and of the tests of exporter-toolkit, and what Go's YAML takes. */
const ROWS: readonly Row[] = [
  ['', undefined],
  ['{}', undefined],
  ['tls_server_config:\n', undefined],
  ['junk', /it must be a mapping/],
  ['a: [', /web\.yml:1/],
  ['tls_server_config: { cert_filse: server.crt }', /cert_filse: no such setting; did you mean cert_file\?/],
  ['tls_server_conf: {}', /no such setting/],
  ['basic_auth_users: {}\nbasic_auth_users: {}', /is there twice/],
  [tls(), undefined],
  [INLINE, undefined, false],
  ['tls_server_config: { cert_file: "", key_file: server.key }', /needs cert or cert_file/],
  ['tls_server_config: { cert: "", key_file: server.key }', /needs cert or cert_file/, false],
  ['tls_server_config: { cert_file: server.crt, key_file: "" }', /needs key or key_file/],
  ['tls_server_config: { cert_file: server.crt, key: "" }', /needs key or key_file/, false],
  ['tls_server_config: { client_ca_file: ca.crt }', /needs cert or cert_file/],
  ['tls_server_config: { client_auth_type: RequestClientCert }', /needs cert or cert_file/],
  ['tls_server_config: { min_version: TLS12 }', undefined],
  ['tls_server_config: { cert_file: nope, key_file: server.key }', /cannot read .*nope/],
  ['tls_server_config: { cert_file: server.crt, key_file: nope }', /cannot read .*nope/],
  ['tls_server_config: { cert_file: server.crt, key_file: client.key }', /no certificate with its key/],
  ['tls_server_config: { cert_file: ca.crt, key_file: ca.crt }', /no certificate with its key/],
  [tls('client_auth_type: NoClientCert'), undefined],
  [tls('client_auth_type: RequestClientCert'), undefined],
  [tls('client_auth_type: RequireAnyClientCert'), undefined],
  [tls('client_auth_type: RequireClientCert'), undefined],
  [tls('client_auth_type: VerifyClientCertIfGiven'), undefined],
  [tls('client_auth_type: RequireAndVerifyClientCert'), undefined],
  [tls('client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt'), undefined],
  [tls('client_auth_type: requireandverifyclientcert'), /client_auth_type: must be one of NoClientCert/],
  [tls('client_ca_file: ca.crt'), /client_ca_file: has no effect without client_auth_type/],
  [tls('client_auth_type: RequireAndVerifyClientCert, client_ca_file: nope'), /cannot read .*nope/],
  [tls('client_allowed_sans: [a.example, 10.0.0.1]'), undefined, false],
  [tls('client_allowed_sans: a.example'), /client_allowed_sans: must be a list/, false],
  [tls('min_version: TLS10'), undefined],
  [tls('min_version: TLS13, max_version: TLS13'), undefined],
  [tls('min_version: TLS111'), /min_version: "TLS111" is no version of TLS/],
  [tls('max_version: "1.3"'), /max_version: "1\.3" is no version of TLS/],
  [tls('cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]'), undefined],
  [tls('cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048]'), /is no cipher suite that is safe/],
  [tls('cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]'), /is no cipher suite that is safe/],
  [tls('curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]'), undefined],
  [tls('curve_preferences: [CurveP257]'), /"CurveP257" is no curve/],
  [tls('prefer_server_cipher_suites: no'), undefined],
  [tls('prefer_server_cipher_suites: maybe'), /must be true or false/],
  ['http_server_config: { http2: false }', undefined],
  ['http_server_config: { http2: 1 }', /must be true or false/],
  [
    'http_server_config:\n  headers:\n    X-Frame-Options: deny\n    X-Content-Type-Options: nosniff\n    X-XSS-Protection: 1\n' +
      '    Strict-Transport-Security: max-age=31536000; includeSubDomains\n' +
      '    Content-Security-Policy: "default-src \'self\'"',
    undefined,
  ],
  ['http_server_config: { headers: { X-Content-Type-Options: sniff } }', /must be one of nosniff/],
  ['http_server_config: { headers: { X-Frame-Options: foo } }', /must be one of deny, sameorigin/],
  ['http_server_config: { headers: { X-Frame-Options: "" } }', /must be one of deny, sameorigin/],
  ['http_server_config: { headers: { Content-Type: foo } }', /Content-Type: cannot be set/],
  ['http_server_config: { headers: { x-frame-options: deny } }', /cannot be set/],
  [`basic_auth_users: { alice: ${HASH} }`, undefined],
  [`basic_auth_users: { 1: ${HASH} }`, undefined],
  [`basic_auth_users: { alice: ${HASH.replace('2y', '2a')}, bob: ${HASH.replace('2y', '2b')} }`, undefined],
  ['basic_auth_users: { john: doe }', /john: is no bcrypt hash/],
  [`basic_auth_users: { john: ${HASH.replace('$10$', '$32$')} }`, /john: is no bcrypt hash/],
  [`basic_auth_users: { john: ${HASH.replace('$10$', '$03$')} }`, /john: is no bcrypt hash/],
  [`basic_auth_users: { john: "${HASH.slice(0, 58)}" }`, /john: is no bcrypt hash/],
  ['rate_limit: { interval: 1s, burst: 5 }', undefined, false],
  ['rate_limit: { interval: 1h30m, burst: 5 }', undefined, false],
  ['rate_limit: { interval: 0, burst: 0 }', undefined, false],
  ['rate_limit: { interval: 1d, burst: 5 }', /interval: "1d" is no duration/, false],
  ['rate_limit: { interval: 1s, burst: many }', /burst: must be a whole number/, false],
];

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-web-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['ca.crt', 'server.crt', 'server.key', 'client.key'])
    copyFileSync(`test/support/certificates/${name}`, join(folder, name));
  return folder;
}

describe('a web configuration', () => {
  it('is taken and refused as Prometheus does it', async (t) => {
    const folder = folderOf(t);
    const file = join(folder, 'web.yml');
    for (const [text, problem] of ROWS) {
      writeFileSync(file, text);
      const use = () => webSettingsOf(file, (name) => readTextFile(name)!);
      if (problem === undefined) assert.doesNotThrow(use, text);
      else assert.throws(use, problem, text);
    }
  });

  it('is taken and refused as promtool does it, as far as that knows the keys', async (t) => {
    const folder = folderOf(t);
    const known = ROWS.filter(([, , isKnown = true]) => isKnown);
    const files = known.map(([text], i) => {
      const file = join(folder, `${i}.yml`);
      writeFileSync(file, text);
      return file;
    });
    const { stdout, stderr } = await promisify(execFile)('promtool', ['check', 'web-config', ...files]).catch(
      (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
    );
    const isTaken = files.map((file) => new RegExp(`^${file} SUCCESS$`, 'm').test(stdout + stderr));
    assert.deepEqual(
      known.map(([text], i) => [text, isTaken[i]]),
      known.map(([text, problem]) => [text, problem === undefined]),
    );
  });

  it('must allow a suite of HTTP/2 where that is on, as a start of Prometheus demands', () => {
    const suites = 'cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]';
    const http1 = 'http_server_config: { http2: false }';
    assert.throws(() => readWebConfig('web.yml', tls(suites)), /for HTTP\/2/);
    assert.doesNotThrow(() => readWebConfig('web.yml', `${tls(suites)}\n${http1}`));
    assert.doesNotThrow(() => readWebConfig('web.yml', tls(`${suites}, min_version: TLS13`)));
  });

  it('has defaults, and names files from its own folder', () => {
    const { tls_server_config: given, ...rest } = readWebConfig(
      '/etc/web.yml',
      tls('client_ca_file: /ca.crt, client_auth_type: RequireClientCert'),
    );
    assert.equal(given?.cert_file, '/etc/server.crt');
    assert.equal(given.client_ca_file, '/ca.crt');
    assert.equal(given.client_auth_type, 'RequireAnyClientCert');
    assert.deepEqual([given.min_version, given.max_version], ['TLS12', 'TLS13']);
    assert.deepEqual(rest, {
      http_server_config: { http2: true, headers: {} },
      basic_auth_users: {},
      rate_limit: { interval: 0, burst: 0 },
    });
  });

  it('reads durations as Go does', () => {
    const intervalOf = (text: string): number =>
      readWebConfig('w', `rate_limit: { interval: ${text} }`).rate_limit.interval;
    assert.deepEqual(
      ['1.5s', '1m1ms', '-1s', '1000000', '.5h', '""'].slice(0, 5).map(intervalOf),
      [1500, 60_001, -1000, 1, 1_800_000],
    );
    assert.throws(() => intervalOf('""'), /is no duration/);
  });

  it('quotes no secret where it is refused', () => {
    const secret = 'S3cret-hash-of-a-user';
    for (const text of [
      `basic_auth_users: { u: ${secret} }`,
      `basic_auth_users: [${secret}]`,
      `basic_auth_users: ${secret}`,
      `tls_server_config: { key: ["${secret}"] }`,
      `basic_auth_users:\n  u: "${secret}`,
      `basic_auth_users:\n  u: ${secret}: x`,
      `tls_server_config: { key: ${secret} }`,
    ])
      assert.throws(
        () => readWebConfig('web.yml', text),
        (error: Error) => !error.message.includes(secret) && error.message.startsWith('web.yml'),
        text,
      );
  });
});
