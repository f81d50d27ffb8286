import type { CertificateSubject } from '../../model/certificate-subject.ts';
import type { Identity } from '../../model/identity.ts';
import type { Matcher } from '../../model/matcher.ts';

/** How it is found out for which tenant a request is, and what tenants may see. */
export interface Tenancy {
  /** The header that names the tenant, in lower case; not looked at where a field of certificates does. */
  readonly header: string;
  /** The field of the client's certificate that names the tenant; undefined where the header does. */
  readonly certificateField: CertificateField | undefined;
  /** The tenant of requests that name none; undefined where these are refused. */
  readonly defaultTenant: string | undefined;
  /** The label whose value is the tenant's name, for tenants without matchers of their own. */
  readonly label: string;
  /**
   * What each tenant may see; undefined for what has its name in {@link label}. Where there are none at all, every name is that of a
   * tenant.
   */
  readonly tenants: ReadonlyMap<string, TenantMatchers | undefined>;
  /**
   * The tenants that every server with tenants of its own has data of, or is known to have none of. Others cannot be answered: what they
   * have there is not known. Undefined where there is no such server.
   */
  readonly placed: ReadonlySet<string> | undefined;
  /** The tenants of users, where authentication does not tell them. Where there are any, a user that is not there is of no tenant. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  /** Tenants that may see everything, and what tells of the gateway itself. */
  readonly admins: ReadonlySet<string>;
}

export type TenantMatchers = readonly [Matcher, ...Matcher[]];

/** With the names of Thanos, and how certificates abbreviate them. */
export const CERTIFICATE_FIELDS = {
  organization: 'O',
  organizationalUnit: 'OU',
  commonName: 'CN',
} as const;

export type CertificateField = keyof typeof CERTIFICATE_FIELDS;

/** What a request shows of where it comes from. */
export interface Credentials {
  /** What came in a header, by its name in lower case; all of it where it came several times. */
  readonly header: (name: string) => string | undefined;
  /** The subject of the client's certificate, where one was shown that is trusted. */
  readonly subject: CertificateSubject | undefined;
  /** Whom authentication found the caller to be. Where that tells tenants, the request may choose among these alone. */
  readonly identity: Pick<Identity, 'user' | 'tenants'>;
  /** Of the connection, without its port. */
  readonly address: string;
}
