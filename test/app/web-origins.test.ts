import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webOrigins } from '../../src/app/web-origins.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { AllowedOrigins } from '../../src/http/cors.ts';

const originsOf = (http: string): AllowedOrigins | undefined =>
  webOrigins(loadConfig({ file: 'p.yml', text: `http: { ${http} }` }).http);

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
