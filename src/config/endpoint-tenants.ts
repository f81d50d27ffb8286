import type { EndpointConfig, EndpointTenants } from './endpoint-config.ts';
import type { Problem } from './problem.ts';
import { headerProblem, NEVER_OF_CALLERS } from './header-rules.ts';
import { A_TENANT_NAME, isTenantName } from '../model/tenant-name.ts';

/** Stands in an address for what the server takes the tenant for. */
const IN_ADDRESS = '{tenant}';

/** Each is asked, probed and known as an endpoint of its own. */
const MOST_TENANTS = 500;

/** What goes into a path as it is: `0`, `12:3`, `team-a`. */
const OF_PATH = /^(?!\.{1,2}$)[A-Za-z0-9!_.*'():~-]{1,150}$/;

/**
 * The endpoints that one of several tenants stands for, each of which is asked for one of them alone: their label is an external one,
 * so that what holds for servers with external labels keeps tenants apart everywhere. An endpoint without tenants stands for itself.
 * @param label whose value is the name of the tenant.
 */
export function endpointsByTenant<T extends EndpointConfig>(endpoint: T, label: string): readonly T[] {
  const { tenants, ...shared } = endpoint;
  if (tenants === undefined) return [endpoint];
  const { header, values } = tenants;
  return Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({
      ...(shared as T),
      address: endpoint.address.replaceAll(IN_ADDRESS, () => value),
      external_labels: { ...endpoint.external_labels, [label]: name },
      ...(header !== undefined && { headers: { ...endpoint.headers, [header]: value } }),
    }));
}

/** So many endpoints are made of it. */
export function countOfTenants({ tenants }: Pick<EndpointConfig, 'tenants'>): number {
  return tenants === undefined ? 1 : Object.values(tenants.values).filter((value) => value !== '').length;
}

/** What keeps the tenants of an endpoint from being told apart. */
export function tenantsProblems(endpoint: EndpointConfig): readonly Problem[] {
  const { tenants, address, headers } = endpoint;
  if (tenants === undefined) return [];
  const { header, values } = tenants;
  const problems: Problem[] = [];
  const add = (path: readonly string[], message: string): void =>
    void problems.push({ path: ['tenants', ...path], message });
  if (header !== undefined) {
    if (NEVER_OF_CALLERS.has(header.toLowerCase()))
      add(['header'], `${header} names no tenant; write the header by which the server chooses one`);
    if (Object.keys(headers).some((name) => name.toLowerCase() === header.toLowerCase()))
      add(['header'], `${header} stands among headers, too; leave it out there`);
  }
  const isInAddress = address.includes(IN_ADDRESS);
  // All tenants would be shown the same.
  if (header === undefined && !isInAddress)
    add(
      [],
      `says not where the tenant goes; give header, or write ${IN_ADDRESS} into the path of the address`,
    );
  if (Object.keys(values).length > MOST_TENANTS)
    add(['values'], `has ${Object.keys(values).length} tenants; an endpoint has ${MOST_TENANTS} at most`);
  const taken = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    const problem = isTenantName(name)
      ? valueProblem(value, header, isInAddress)
      : `its name must have ${A_TENANT_NAME}`;
    // For VictoriaMetrics 1 and 1:0 are one.
    const tenant = isInAddress ? value.replace(/:0$/, '') : value;
    const other = taken.get(tenant);
    if (problem !== undefined) add(['values', name], problem);
    else if (other !== undefined && value !== '')
      add(['values', name], `has the value of ${other}, so each would be told of the other; give it its own`);
    taken.set(tenant, name);
  }
  return problems;
}

function valueProblem(value: string, header: string | undefined, isInAddress: boolean): string | undefined {
  if (value === '') return undefined;
  if (value.trim() !== value) return 'has spaces around it, which servers leave out; take them away';
  const ofHeader = header === undefined ? undefined : headerProblem('HTTP', header, value);
  if (ofHeader !== undefined) return ofHeader;
  return isInAddress && !OF_PATH.test(value)
    ? "must be a part of a path: letters, digits and characters of ! - _ . ~ * ' ( ) :"
    : undefined;
}

/** What of the tenants of an endpoint contradicts how tenants are told apart here. */
export function tenantsDespite(
  { tenants, external_labels: labels = {} }: Pick<EndpointConfig, 'tenants' | 'external_labels'>,
  tenancy: {
    readonly enforce: boolean;
    readonly label: string;
    readonly tenants: Readonly<Record<string, string>>;
  },
): readonly Problem[] {
  if (tenants === undefined) return [];
  if (!tenancy.enforce)
    return [{ path: ['tenants'], message: 'has no effect: set tenancy.enforce to true, or leave it out' }];
  const known = Object.keys(tenancy.tenants);
  const { values } = tenants;
  const of = (path: readonly string[], message: string): Problem => ({ path, message });
  return [
    ...(tenancy.label in labels
      ? [of(['external_labels', tenancy.label], 'is the label of the tenant (tenancy.label); leave it out')]
      : []),
    ...known
      .filter((name) => !(name in values))
      .map((name) =>
        of(
          ['tenants', 'values'],
          `lacks the tenant ${name} of tenancy.tenants; give its value, '' where it has nothing there`,
        ),
      ),
    ...(known.length === 0 ? [] : Object.keys(values))
      .filter((name) => !known.includes(name))
      .map((name) => of(['tenants', 'values', name], 'is no tenant of tenancy.tenants')),
  ];
}

/** The tenants that each endpoint with tenants of its own has a value for; undefined where there is no such endpoint. */
export function placedTenants(
  endpoints: readonly { readonly tenants?: EndpointTenants | undefined }[],
): ReadonlySet<string> | undefined {
  const each = endpoints.flatMap(({ tenants }) =>
    tenants === undefined ? [] : [new Set(Object.keys(tenants.values))],
  );
  const [first, ...more] = each;
  return first && new Set([...first].filter((name) => more.every((others) => others.has(name))));
}
