import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webHosts, webOrigins } from '../../src/app/web-origins.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { AllowedOrigins } from '../../src/http/cors.ts';

const originsOf = (http: string, isGuarded = false): AllowedOrigins | undefined =>
  webOrigins(loadConfig({ file: 'p.yml', text: `http: { ${http} }` }).http, () => isGuarded)();

test('every origin is allowed where nothing else is said, and none where that is disabled', () => {
  assert.equal(originsOf('')!('http://a'), '*');
  assert.equal(originsOf('disable_cors: true'), undefined);
});

test('a pattern that is none is named, also where it has no effect', () => {
  for (const disabled of ['', ', disable_cors: true'])
    assert.throws(
      () => originsOf(`cors_origin: "(a"${disabled}`),
      /^QueryError: http\.cors_origin \(--web\.cors\.origin\) is no pattern of origins: .*missing closing \)/,
    );
});

test('none is allowed where callers have to show who they are, unless that is said', () => {
  assert.equal(originsOf('', true), undefined);
  assert.equal(originsOf('cors_origin: "http://a"', true)!('http://a'), 'http://a');
});

test('hosts are served that are named, and that of the external URL; all where none is named', () => {
  const hostsOf = (http: string) => webHosts(loadConfig({ file: 'p.yml', text: `http: { ${http} }` }).http);
  assert.equal(hostsOf('external_url: "https://m.example:8443/x"'), undefined);
  assert.deepEqual(
    [...hostsOf('allowed_hosts: [A.example], external_url: "https://m.example:8443/x"')!],
    ['a.example', 'm.example'],
  );
  assert.throws(() => hostsOf('allowed_hosts: ["a:80"]'), /must be the name of a host/);
});
