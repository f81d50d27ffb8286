import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import type { TenancyConfig } from '../../src/config/tenancy-config.ts';
import { problemsOf } from './support.ts';

function tenancyIn(text: string): TenancyConfig {
  return loadConfig({ file: 'pw.yaml', text }).tenancy;
}

describe('the tenants of a configuration', () => {
  it('are none unless they are enforced', () => {
    assert.deepEqual(tenancyIn(''), {
      enforce: false,
      header: 'THANOS-TENANT',
      label: 'tenant_id',
      default_tenant: undefined,
      certificate_field: undefined,
      tenants: {},
      users: {},
      admins: [],
    });
  });

  it('are refused where they would look like a protection, and are none', () => {
    assert.deepEqual(problemsOf("tenancy:\n  tenants: { a: '' }\n  admins: [ops]\n"), [
      'pw.yaml:2: tenancy.tenants: has no effect: set tenancy.enforce to true, or leave it out',
      'pw.yaml:3: tenancy.admins: has no effect: set tenancy.enforce to true, or leave it out',
    ]);
  });

  it('have names that a header can carry', () => {
    assert.deepEqual(
      problemsOf(
        "tenancy:\n  enforce: true\n  default_tenant: a b\n  tenants:\n    'a|b': ''\n  admins: ['']\n",
      ).map((text) => text.replace(/must have .*/, 'must have …')),
      [
        'pw.yaml:3: tenancy.default_tenant: must have …',
        'pw.yaml:5: tenancy.tenants.a|b: its name must have …',
        'pw.yaml:6: tenancy.admins[0]: must have …',
      ],
    );
  });

  it('may have the empty defaults of Thanos', () => {
    const { default_tenant: named, certificate_field: field } = tenancyIn(
      "tenancy: { default_tenant: '', certificate_field: '' }",
    );
    assert.deepEqual([named, field], [undefined, undefined]);
  });
});
