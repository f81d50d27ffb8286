import type { Matcher } from './matcher.ts';

declare const MADE_HERE: unique symbol;

/**
 * What the series that a caller may see must match, whatever it asks for. Nothing but the two below makes one, so a request cannot come
 * to the endpoints before somebody has decided what its caller may see.
 */
export interface EnforcedMatchers {
  readonly [MADE_HERE]: true;
  /** All of them must hold. Empty for a caller that may see everything. */
  readonly matchers: readonly Matcher[];
}

/** Of a gateway without tenants, of its administrators, and of requests of the gateway itself. */
export const SEES_EVERYTHING: EnforcedMatchers = made([]);

/** Of a caller that may see the series that match all of these, and nothing else. */
export function seesOnly(matchers: readonly [Matcher, ...Matcher[]]): EnforcedMatchers {
  return made(matchers);
}

/** Whether there are things that a caller may not see. */
export function isRestricted({ enforced }: { readonly enforced: EnforcedMatchers }): boolean {
  return enforced.matchers.length > 0;
}

function made(matchers: readonly Matcher[]): EnforcedMatchers {
  return { matchers } as unknown as EnforcedMatchers;
}
