import { isRestricted, type EnforcedMatchers } from '../../model/enforced-matchers.ts';
import { QueryError } from '../../model/errors.ts';
import type { Matcher } from '../../model/matcher.ts';

/** What a caller selects, with what it may see. */
export interface EnforcedRequest {
  /** Alternatives: a series must match all of one of them. Empty only where everything is asked for, and may be seen. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  /** Part of each alternative: what a series must match in any case. */
  readonly enforced: readonly Matcher[];
}

/**
 * Adds what a caller may see to what it selects. Its own matchers stay, also those on the same label: a series must match both, so they
 * can only narrow down.
 */
export function withEnforced(
  { matchers: enforced }: EnforcedMatchers,
  matcherSets: readonly (readonly Matcher[])[],
): EnforcedRequest {
  if (enforced.length === 0) return { matcherSets, enforced };
  return {
    matcherSets: matcherSets.length === 0 ? [enforced] : matcherSets.map((set) => [...set, ...enforced]),
    enforced,
  };
}

/**
 * For what cannot be told apart by tenant. Transports refuse such calls before; this holds where one does not.
 * @throws QueryError `forbidden` for a caller that may not see everything.
 */
export function requireEverything(caller: { readonly enforced: EnforcedMatchers }, what: string): void {
  if (isRestricted(caller))
    throw new QueryError(
      'forbidden',
      `${what} cannot be told apart by tenant, so a tenant is not told of it`,
    );
}
