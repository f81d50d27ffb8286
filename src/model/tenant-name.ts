/** Characters as in Mimir and Loki, so that a name can stand in a header, a path and a URL. */
const NAME = /^[A-Za-z0-9!_.*'()-]{1,150}$/;

/** What the name of a tenant must be, for sentences. */
export const A_TENANT_NAME = "1 to 150 letters, digits and characters of ! - _ . * ' ( )";

export function isTenantName(name: string): boolean {
  return NAME.test(name);
}

const SEPARATOR = '|';

/** The names that stand for a caller that is several tenants at once, `a|b`; each once. */
export function tenantNames(text: string): readonly string[] {
  return [...new Set(text.split(SEPARATOR))];
}

export function joinTenantNames(names: readonly string[]): string {
  return names.join(SEPARATOR);
}
