import { z } from 'zod';
import { A_TENANT_NAME, isTenantName, tenantNames } from '../model/tenant-name.ts';
import { headerName, text } from './fields.ts';
import type { TenancyConfig } from './tenancy-config.ts';

const tenantName = text.refine(isTenantName, { error: `must have ${A_TENANT_NAME}` });

const withoutEnforcing = 'has no effect: set tenancy.enforce to true, or leave it out';

export const tenancy: z.ZodType<TenancyConfig> = z
  .strictObject({
    enforce: z.boolean().default(false),
    header: headerName.default('THANOS-TENANT'),
    certificate_field: z.enum(['', 'organization', 'organizationalUnit', 'commonName']).optional(),
    label: text
      .refine((name) => name !== '' && name !== '__name__', { error: 'must be the name of a label' })
      .default('tenant_id'),
    default_tenant: text
      .refine((names) => names === '' || tenantNames(names).every(isTenantName), {
        error: `must have ${A_TENANT_NAME}`,
      })
      .optional(),
    tenants: z
      .record(text, text)
      .superRefine((tenants, context) => {
        for (const name of Object.keys(tenants))
          if (!isTenantName(name))
            context.addIssue({
              code: 'custom',
              path: [name],
              message: `its name must have ${A_TENANT_NAME}`,
            });
      })
      .default({}),
    users: z.record(text, z.array(tenantName)).default({}),
    admins: z.array(tenantName).default([]),
  })
  .superRefine(({ enforce, tenants, users, admins }, context) => {
    if (enforce) return;
    // What names tenants would look like a protection, and there would be none.
    for (const [key, named] of Object.entries({ tenants, users }))
      if (Object.keys(named).length > 0)
        context.addIssue({ code: 'custom', path: [key], message: withoutEnforcing });
    if (admins.length > 0) context.addIssue({ code: 'custom', path: ['admins'], message: withoutEnforcing });
  })
  .transform(({ certificate_field: field, default_tenant: named, ...rest }): TenancyConfig => ({
    ...rest,
    // Thanos has empty defaults of both flags.
    certificate_field: field === '' ? undefined : field,
    default_tenant: named === '' ? undefined : named,
  }));
