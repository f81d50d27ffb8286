/** How a matcher compares: equal, not equal, RE2 match anchored at both ends, or no such match. */
export type MatchKind = '=' | '!=' | '=~' | '!~';

/** One condition of a selector. An absent label counts as the empty string. */
export interface Matcher {
  readonly kind: MatchKind;
  readonly name: string;
  readonly value: string;
}
