import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webPrefix } from '../../src/app/web-prefix.ts';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';
import { parseFlags } from '../../src/cli/parse-flags.ts';
import { configFromFlags } from '../../src/cli/read-config.ts';
import type { WebPrefix } from '../../src/http/prefix.ts';

function prefixOf(...flags: readonly string[]): WebPrefix {
  return webPrefix(configFromFlags(SERVE_FLAGS, parseFlags(flags, SERVE_FLAGS, true)).http);
}

const NONE = { fixed: undefined, header: undefined };

test('without flags there is none', () => {
  assert.deepEqual(prefixOf(), { route: '', shown: '', ...NONE });
});

test('the path of the external URL is that of routes, as in Prometheus', () => {
  assert.deepEqual(prefixOf('--web.external-url=https://m.example/prom/'), {
    route: '/prom',
    shown: '/prom',
    ...NONE,
  });
  assert.deepEqual(prefixOf('--web.external-url=/prom'), { route: '/prom', shown: '/prom', ...NONE });
  assert.deepEqual(prefixOf('--web.external-url=https://m.example/prom', '--web.route-prefix=/'), {
    route: '',
    shown: '/prom',
    ...NONE,
  });
});

test('the external prefix is that of routes, as in Thanos', () => {
  assert.deepEqual(prefixOf('--web.external-prefix=thanos', '--web.prefix-header=X-Forwarded-Prefix'), {
    route: '/thanos',
    shown: '/thanos',
    fixed: '/thanos',
    header: 'x-forwarded-prefix',
  });
  assert.deepEqual(prefixOf('--web.route-prefix=//a//b/'), { route: '/a/b', shown: '/a/b', ...NONE });
});

test('what is no path, no URL or no name of a header is refused', () => {
  for (const [flag, problem] of [
    ['--web.route-prefix=/a/../b', /must be a path/],
    ['--web.route-prefix=/a b', /must be a path/],
    ['--web.external-prefix=/a%20b', /must be a path/],
    ['--web.external-url=m.example/prom', /is no URL of a server/],
    ['--web.external-url=//m.example/prom', /is no URL of a server/],
    ['--web.external-url=https://me:s3cret@m.example/', /credentials/],
    ['--web.external-url=https://m.example/a%20b', /its path must be/],
    ['--web.prefix-header=a b', /must be the name of a header/],
  ] as const)
    assert.throws(() => prefixOf(flag), problem, flag);
});
