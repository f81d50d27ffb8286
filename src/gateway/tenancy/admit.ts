import type { LimitBook } from '../limits/limit-book.ts';
import { seesOnly, SEES_EVERYTHING, type EnforcedMatchers } from '../../model/enforced-matchers.ts';
import { QueryError } from '../../model/errors.ts';
import type { Matcher } from '../../model/matcher.ts';
import { quote } from '../../model/quote.ts';
import { clientOf } from '../../model/identity.ts';
import type { Admission } from '../../model/request-scope.ts';
import { A_TENANT_NAME, isTenantName, joinTenantNames, tenantNames } from '../../model/tenant-name.ts';
import { quoteRegex } from '../../promql/match/quote-regex.ts';
import { CERTIFICATE_FIELDS, type CertificateField, type Credentials, type Tenancy } from './tenancy.ts';

/**
 * What a call tells.
 * - `open`: nothing of anybody's data, so it is answered without a tenant
 * - `tenant`: of data, and it tells a tenant of its own alone
 * - `operator`: of the gateway and its servers, or of data that cannot be told apart by tenant
 */
export type Access = 'open' | 'tenant' | 'operator';

/** Each is an alternative of the pattern that every series is compared with. */
const MOST_NAMES = 100;
/** Of a name that is none, in a message. */
const MOST_SHOWN = 150;

/**
 * Finds out for which tenant a call is, and what that may take. Never lets in one that names no tenant, or one that is malformed. Calls
 * for those who operate the gateway do not count against the rate of anybody: they are how one sees who asks too often.
 * @param tenancy undefined where there are no tenants.
 * @throws QueryError `unauthenticated` where there is no tenant, `bad_data` for a malformed one, `forbidden` for one that is unknown or
 * may not make the call, `too_often` beyond the rate of the caller.
 */
export function admit(
  tenancy: Tenancy | undefined,
  limits: LimitBook,
  credentials: Credentials,
  access: Access,
): Admission {
  const seen = sightOf(tenancy, credentials, access);
  const client = clientOf(credentials.identity, credentials.address);
  if (access === 'tenant') limits.count(seen.tenant, client);
  return { ...seen, limits: limits.of(seen.tenant, client) };
}

type Sight = Omit<Admission, 'limits'>;

const ALL: Sight = { tenant: '', enforced: SEES_EVERYTHING };

/** Who a caller is, and what it may see. */
function sightOf(tenancy: Tenancy | undefined, credentials: Credentials, access: Access): Sight {
  if (tenancy === undefined) return ALL;
  const names = namesFor(tenancy, credentials);
  if (names.length === 1 && tenancy.admins.has(names[0]!))
    return { tenant: names[0]!, enforced: SEES_EVERYTHING };
  const enforced = enforcedFor(tenancy, names);
  if (access === 'operator')
    throw new QueryError(
      'forbidden',
      'this call tells of the gateway and of the data of all tenants, so it is for administrators alone (tenancy.admins)',
    );
  return { tenant: joinTenantNames(names), enforced };
}

function namesFor(tenancy: Tenancy, credentials: Credentials): readonly string[] {
  const tenants = provenTenants(tenancy, credentials);
  if (tenants === undefined) return namesOf(tenantOf(tenancy, credentials));
  if (tenants.length === 0) throw new QueryError('forbidden', 'the caller is of no tenant');
  const wanted = credentials.header(tenancy.header) ?? '';
  if (wanted === '') return namesOf(joinTenantNames(tenants));
  const names = namesOf(wanted);
  const foreign = names.find((name) => !tenants.includes(name));
  if (foreign === undefined) return names;
  throw new QueryError('forbidden', `the caller is not of the tenant ${quote(foreign)}`);
}

/** Among which the caller may choose; undefined where nothing proves any, and the request is believed. */
function provenTenants({ users }: Tenancy, { identity }: Credentials): readonly string[] | undefined {
  const { user, tenants } = identity;
  return tenants ?? (users.size === 0 ? undefined : (users.get(user) ?? []));
}

function tenantOf(tenancy: Tenancy, { header, subject }: Pick<Credentials, 'header' | 'subject'>): string {
  if (tenancy.certificateField !== undefined) return fromCertificate(tenancy.certificateField, subject);
  const named = header(tenancy.header) ?? '';
  if (named !== '') return named;
  if (tenancy.defaultTenant !== undefined) return tenancy.defaultTenant;
  throw new QueryError(
    'unauthenticated',
    `the request names no tenant; send its name in the header ${tenancy.header}`,
  );
}

function fromCertificate(field: CertificateField, subject: Credentials['subject']): string {
  if (subject === undefined)
    throw new QueryError(
      'unauthenticated',
      'the request came without a client certificate that is trusted, and the certificate names the tenant; connect by TLS and show one',
    );
  const value = subject[CERTIFICATE_FIELDS[field]];
  if (typeof value === 'string' && value !== '') return value;
  throw new QueryError(
    'forbidden',
    `the client certificate has ${Array.isArray(value) ? 'several values' : 'no value'} in the field ${field}, which must name the tenant`,
  );
}

/** The names that a tenant is made of: `a|b` may see what is of `a` and what is of `b`. */
function namesOf(tenant: string): readonly string[] {
  const names = tenantNames(tenant);
  if (names.length > MOST_NAMES)
    throw new QueryError(
      'bad_data',
      `the request names ${names.length} tenants; the most that are taken are ${MOST_NAMES}`,
    );
  const wrong = names.find((name) => !isTenantName(name));
  if (wrong === undefined) return names;
  throw new QueryError(
    'bad_data',
    `${quote(wrong.slice(0, MOST_SHOWN))} is no name of a tenant: it must have ${A_TENANT_NAME}; several names have | between them`,
  );
}

/** What names may see together. Labels add up to one pattern; matchers of the configuration do not. */
function enforcedFor(
  { tenants, placed, admins, label }: Tenancy,
  names: readonly string[],
): EnforcedMatchers {
  const isConfigured = tenants.size > 0;
  for (const name of names)
    if (isConfigured && !tenants.has(name))
      throw new QueryError('forbidden', `the tenant ${quote(name)} is not known here`);
  const placeless = placed && names.find((name) => !placed.has(name));
  if (placeless !== undefined)
    throw new QueryError(
      'forbidden',
      `it is not known what the tenant ${quote(placeless)} has at a server with tenants of its own; ` +
        "name it in endpoints[].tenants.values, with '' where it has nothing there",
    );
  const [first] = names;
  const own = names.length === 1 ? tenants.get(first!) : undefined;
  if (own !== undefined) return seesOnly(own);
  const alone = names.find((name) => tenants.get(name) !== undefined || admins.has(name));
  if (alone !== undefined)
    throw new QueryError(
      'bad_data',
      `the tenant ${quote(alone)} cannot be named together with others; name it alone`,
    );
  return seesOnly([labelMatcher(label, names)]);
}

function labelMatcher(name: string, values: readonly string[]): Matcher {
  return values.length === 1
    ? { kind: '=', name, value: values[0]! }
    : { kind: '=~', name, value: values.map(quoteRegex).join('|') };
}
