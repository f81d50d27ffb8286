import type { Tenancy } from '../../src/gateway/tenancy/tenancy.ts';

/** Tenants that a header names, under the names that Thanos has for it and for the label. */
export const PLAIN_TENANCY: Tenancy = {
  header: 'thanos-tenant',
  certificateField: undefined,
  defaultTenant: undefined,
  label: 'tenant_id',
  tenants: new Map(),
  placed: undefined,
  users: new Map(),
  admins: new Set(['ops']),
};
