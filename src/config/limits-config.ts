import type { LimitValues } from '../model/caller-limits.ts';

/** What callers may take. What one has of its own goes before what all have, limit by limit; 0 is none. */
export interface LimitsConfig {
  /** Of each tenant, or of each client where there are no tenants. */
  readonly default: LimitValues;
  readonly tenants: Readonly<Record<string, LimitValues>>;
  /** By user or address. */
  readonly clients: Readonly<Record<string, LimitValues>>;
}

/** A query that is refused. All that is said of it has to hold. */
export interface BlockedQueryConfig {
  /** In whatever layout. */
  readonly query?: string | undefined;
  /** A pattern of RE2 for the whole text. */
  readonly pattern?: string | undefined;
  /** Patterns for the whole values of headers, by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of which tenants; empty means of everybody. */
  readonly tenants: readonly string[];
  /** What the caller is told. */
  readonly reason: string;
}
