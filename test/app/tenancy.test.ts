import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tenancyOf, tenancyProblems } from '../../src/app/tenancy.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { TenancyConfig } from '../../src/config/tenancy-config.ts';

function configured(text: string): TenancyConfig {
  return loadConfig({ file: 'pw.yaml', text }).tenancy;
}

test('tenants have the matchers of their selectors, or none', () => {
  const tenancy = tenancyOf(
    configured(
      `tenancy: { enforce: true, header: X-Tenant, tenants: { a: '{team="a",env=~"x|y"}', b: '' } }`,
    ),
  )!;
  assert.equal(tenancy.header, 'x-tenant');
  assert.deepEqual(
    [...tenancy.tenants],
    [
      [
        'a',
        [
          { kind: '=', name: 'team', value: 'a' },
          { kind: '=~', name: 'env', value: 'x|y' },
        ],
      ],
      ['b', undefined],
    ],
  );
  assert.equal(tenancyOf(configured('')), undefined);
});

test('a selector that is none, or selects what nobody marked, is refused', () => {
  const config = configured(
    `tenancy: { enforce: true, tenants: { a: '{team=}', b: '{env!="prod"}', c: '{x=~".*",y="1"}' } }`,
  );
  const problems = tenancyProblems(config);
  assert.deepEqual(
    problems.map(({ path }) => path.join('.')),
    ['tenants.a', 'tenants.b'],
  );
  assert.match(problems[0]!.message, /parse error/);
  assert.throws(() => tenancyOf(config), { kind: 'bad_data', message: /^tenancy\.tenants\.a: / });
});
