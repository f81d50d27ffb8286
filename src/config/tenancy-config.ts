/** Which caller may see what. */
export interface TenancyConfig {
  readonly enforce: boolean;
  /** The header that names the tenant. */
  readonly header: string;
  /** The field of the client's certificate that names the tenant instead. */
  readonly certificate_field?: 'organization' | 'organizationalUnit' | 'commonName' | undefined;
  /** The label whose value is the name of the tenant. */
  readonly label: string;
  /** The tenant of requests that name none; these are refused where it is left out. */
  readonly default_tenant?: string | undefined;
  /**
   * A selector of what a tenant may see, by name; an empty one for what has the name in the label. Where there are any, there are no
   * others.
   */
  readonly tenants: Readonly<Record<string, string>>;
  /** The tenants of users. Where there are any, a user that is not there is of no tenant. */
  readonly users: Readonly<Record<string, readonly string[]>>;
  /** Tenants that may see everything. */
  readonly admins: readonly string[];
}
