import { joinTenantNames, tenantNames } from './tenant-name.ts';

/** For whom work is done. */
export interface TurnTaker {
  /** Empty where there are no tenants. */
  readonly tenant: string;
  /** A user, or the address that a request came from. */
  readonly client: string;
}

/**
 * Who takes turns with others: a tenant, from however many addresses it asks; a client where there are no tenants. Tenants that are named
 * together take turns as one, in whatever order they are named.
 */
export function turnOf({ tenant, client }: TurnTaker): string {
  return tenant === '' ? client : `tenant ${joinTenantNames(tenantNames(tenant).toSorted())}`;
}
