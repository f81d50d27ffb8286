import type { Flag } from './flag.ts';

/** Which caller may see what. */
export const TENANCY_FLAGS: readonly Flag[] = [
  {
    name: 'query.enforce-tenancy',
    kind: 'switch',
    help: 'Tell each tenant of its own data alone, and refuse requests that name none. Default off.',
    setting: ['tenancy', 'enforce'],
  },
  {
    name: 'query.tenant-header',
    kind: 'value',
    placeholder: 'NAME',
    help: 'Header that names the tenant. Default THANOS-TENANT.',
    setting: ['tenancy', 'header'],
  },
  {
    name: 'query.tenant-label-name',
    kind: 'value',
    placeholder: 'LABEL',
    help: 'Label whose value is the name of the tenant. Default tenant_id.',
    setting: ['tenancy', 'label'],
  },
  {
    name: 'query.default-tenant-id',
    kind: 'value',
    placeholder: 'NAME',
    help: 'Tenant of requests that name none. Default none: such requests are refused.',
    setting: ['tenancy', 'default_tenant'],
  },
  {
    name: 'query.tenant-certificate-field',
    kind: 'value',
    placeholder: 'organization|organizationalUnit|commonName',
    help: 'Field of the client certificate that names the tenant; the header does not count then. Default none.',
    setting: ['tenancy', 'certificate_field'],
  },
];
