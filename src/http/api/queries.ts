/** What `/api/v1/status/active_queries` answers with. Durations are seconds. */
export type ActiveQueriesJson = { readonly queries: readonly ActiveQueryJson[] };

export type ActiveQueryJson = {
  /** By which it is canceled. */
  readonly id: string;
  readonly requestId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly kind: string;
  readonly query: string;
  /** s since the epoch */
  readonly start: number;
  readonly end: number;
  readonly step?: number | undefined;
  readonly client?: string | undefined;
  /** Where there are tenants. */
  readonly tenant?: string | undefined;
  readonly path?: string | undefined;
  /** What the client says of itself, which nothing proves. */
  readonly userAgent?: string;
  readonly dashboard?: string;
  readonly panel?: string;
  readonly user?: string;
  readonly fromAlert?: string;
  /** RFC 3339 */
  readonly startTime: string;
  readonly ageSeconds: number;
  readonly stage: string;
  readonly samples: number;
  readonly series: number;
  readonly bytes: number;
  readonly endpoints: readonly EndpointCallJson[];
  readonly endpointsNotShown: number;
};

export type EndpointCallJson = {
  readonly endpoint: string;
  readonly state: string;
  readonly seconds?: number | undefined;
  readonly series: number;
  readonly bytes: number;
};

/** What `/api/v1/status/top_queries` answers with. */
export type TopQueriesJson = { readonly sort: string; readonly queries: readonly TopQueryJson[] };

export type TopQueryJson = { readonly kind: string; readonly query: string } & TotalCostJson;

/** The same `by` client or dashboard. */
export type TopCallersJson = {
  readonly sort: string;
  readonly by: string;
  readonly callers: readonly TopCallerJson[];
};

/** The name is empty for all of which it is not known. */
export type TopCallerJson = { readonly name: string } & TotalCostJson;

export type TotalCostJson = {
  readonly count: number;
  readonly failures: number;
  readonly totalSeconds: number;
  readonly longestSeconds: number;
  readonly samples: number;
  readonly bytes: number;
  /** RFC 3339 */
  readonly lastTime: string;
};
