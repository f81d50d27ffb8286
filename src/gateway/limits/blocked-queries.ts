import { QueryError } from '../../model/errors.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { tenantNames } from '../../model/tenant-name.ts';

/** A query that is refused: all that is said of it has to hold. */
export interface BlockedQuery {
  /** In its canonical form; undefined for any. */
  readonly query: string | undefined;
  readonly matches: ((text: string) => boolean) | undefined;
  /** By name in lower case, what the value must be. */
  readonly headers: ReadonlyMap<string, (value: string) => boolean>;
  /** Empty means everybody. */
  readonly tenants: ReadonlySet<string>;
  readonly reason: string;
}

/**
 * Throws `execution` with the reason where a query is blocked.
 * @param canonical its text in the canonical form, so that no other layout comes by.
 * @param onBlocked hears of it, with the number of what blocks it, from 0 on.
 */
export function requireUnblocked(
  blocked: readonly BlockedQuery[],
  { caller: { tenant, header } }: RequestScope,
  text: string,
  canonical: () => string,
  onBlocked: (index: number) => void,
): void {
  if (blocked.length === 0) return;
  const names = tenantNames(tenant);
  const full = canonical();
  const index = blocked.findIndex(
    ({ query, matches, headers, tenants }) =>
      (tenants.size === 0 || names.some((name) => tenants.has(name))) &&
      (query === undefined || query === full) &&
      (matches === undefined || matches(text) || matches(full)) &&
      [...headers].every(([name, fits]) => {
        const value = header(name);
        return typeof value === 'string' && fits(value);
      }),
  );
  if (index === -1) return;
  onBlocked(index);
  throw new QueryError(
    'execution',
    `the query is blocked by those who run the gateway: ${blocked[index]!.reason}`,
  );
}
