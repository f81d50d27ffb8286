/** What `/api/v1/status/runtimeinfo` answers with. Times are RFC 3339. */
export type RuntimeJson = {
  readonly startTime: string;
  readonly CWD: string;
  readonly hostname: string;
  readonly serverTime: string;
  readonly reloadConfigSuccess: boolean;
  readonly lastConfigTime: string;
  readonly configGeneration: number;
  /** Of the whole process, with its threads. */
  readonly residentMemoryBytes: number;
};

/** What `/api/v1/status/buildinfo` answers with, of which these are not empty. */
export type BuildJson = {
  readonly version: string;
  readonly revision: string;
  readonly nodeVersion: string;
};

/** What `/api/v1/features` answers with: whether each feature is on, by group. */
export type FeaturesJson = Readonly<Record<string, Readonly<Record<string, boolean>>>>;
