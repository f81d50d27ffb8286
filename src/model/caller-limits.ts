import { QueryError, type ErrorKind } from './errors.ts';

/** The limits that one caller can have, by their keys in the configuration. Durations are ms. */
export const LIMIT_NAMES = [
  'max_concurrent',
  'max_queued',
  'max_series',
  'max_samples',
  'max_received_bytes',
  'max_response_bytes',
  'max_range',
  'max_age',
  'max_points',
  'max_regex_steps',
  'requests_per_second',
  'request_burst',
] as const;

export type LimitName = (typeof LIMIT_NAMES)[number];

/** What is left out has no limit. */
export type LimitValues = Readonly<Partial<Record<LimitName, number | undefined>>>;

/** What one caller may take of the gateway. */
export interface CallerLimits {
  readonly values: LimitValues;
  /** Whose limits they are, for sentences: `the tenant "a"`. */
  readonly whose: string;
  /** Of a caller that is several tenants, those of each, in the order of their names; undefined for others. */
  readonly ofEach?: readonly CallerLimits[] | undefined;
  /** Hears of each request that a limit refuses. */
  readonly onRefused: (name: LimitName) => void;
}

/** Of callers that have none. */
export const UNLIMITED: CallerLimits = { values: {}, whose: 'everybody', onRefused: () => undefined };

/** Infinity where there is none. */
export function limitOf({ values }: CallerLimits, name: LimitName): number {
  return values[name] ?? Infinity;
}

/**
 * What a caller hears that asks for more than a limit.
 * @param problem what is too much, with the limit: `the request receives more than 5 series`.
 * @param advice what to do.
 */
export function refusalBy(
  { whose, onRefused }: CallerLimits,
  name: LimitName,
  problem: string,
  advice: string,
  kind: ErrorKind = 'too_large',
): QueryError {
  onRefused(name);
  return new QueryError(kind, `${problem} (limits: ${name} of ${whose}); ${advice}`);
}
