import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTokens } from '../../src/config/access-tokens.ts';
import { loadConfig } from '../../src/config/load.ts';

const TOKEN = 'abcdefghijklmnop-._~+/1234==';

test('a file of tokens names clients', () => {
  assert.deepEqual(
    [...readTokens('t.yml', `ann: ${TOKEN}\n7: "${'x'.repeat(16)}"`)],
    [
      ['7', 'x'.repeat(16)],
      ['ann', TOKEN],
    ],
  );
  assert.equal(readTokens('t.yml', '').size, 0);
});

test('what is wrong with one is said, and no token is quoted', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['ann: S3cretS3cret', /^QueryError: t\.yml:1: the token of "ann" must have 16 to 512/],
    ['ann: "S3cretS3cretS3cret\\r\\nx"', /must have 16 to 512/],
    ['ann: S3cretS3cretS3cret-é', /must have 16 to 512/],
    [
      'ann: S3cretS3cretS3cret\nbob: S3cretS3cretS3cret',
      /t\.yml:2: the token of "bob" is that of "ann", too/,
    ],
    ['- S3cretS3cretS3cret', /must be a mapping/],
    ['"": S3cretS3cretS3cret', /a client has no name/],
    ['ann: "S3cretS3cretS3cret', /t\.yml:1: this is no YAML/],
    ['S3cretS3cretS3cret: [', /this is no YAML/],
  ];
  for (const [text, problem] of rows)
    assert.throws(
      () => readTokens('t.yml', text),
      (error: Error) => problem.test(String(error)) && !/S3cret/.test(error.message),
      text,
    );
});

test('more tokens than there may be are refused', () => {
  const lines = Array.from({ length: 10_001 }, (_, i) => `c${i}: ${'x'.repeat(16)}${i}`);
  assert.throws(() => readTokens('t.yml', lines.join('\n')), /it has 10001 tokens; 10000 are the most/);
});

test('the key access tells which tokens and proxies are trusted, and what is wrong with it', () => {
  const load = (text: string) => loadConfig({ file: 'p.yml', text: `access: { ${text} }` }).access;
  assert.deepEqual(load(''), { open_health: false, trusted_proxies: [], user_header: 'X-Forwarded-User' });
  const issuer = 'issuer: "https://i.example", audience: [a]';
  assert.equal(load(`jwt: { ${issuer}, jwks_url: "https://i.example/keys" }`).jwt?.user_claim, 'sub');
  assert.equal(load(`jwt: { ${issuer}, jwks_file: keys.json }`).jwt?.clock_skew, 30_000);
  const rows: readonly (readonly [string, RegExp])[] = [
    [`jwt: { ${issuer} }`, /needs either jwks_url or jwks_file/],
    [`jwt: { ${issuer}, jwks_file: a, jwks_url: "https://a" }`, /needs either jwks_url or jwks_file/],
    [`jwt: { ${issuer}, jwks_url: "http://i.example/keys" }`, /must be an https:\/\/ URL/],
    [`jwt: { ${issuer}, jwks_url: "https://u:p@i.example/keys" }`, /must be an https:\/\/ URL/],
    ['jwt: { issuer: a, audience: [], jwks_file: a }', /needs the audience/],
    ['trusted_proxies: [10.0.0.0/33]', /must be an address or a network/],
    ['trusted_proxies: [proxy.example]', /must be an address or a network/],
    ['trusted_proxies: ["::/129"]', /must be an address or a network/],
    ['user_header: "a b"', /must be the name of a header/],
  ];
  for (const [text, problem] of rows) assert.throws(() => load(text), problem, text);
});

test('of very many tokens that cannot be used the first are told', () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `client${i}: short`);
  assert.throws(
    () => readTokens('t.yml', lines.join('\n')),
    ({ message }: Error) => message.split('\n').length === 100,
  );
});
