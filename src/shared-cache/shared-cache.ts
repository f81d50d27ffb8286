/**
 * Values that several gateways keep together, on servers beside them. It may lose any value at any time, and may hand out any bytes: who
 * reads them proves that they are what was put there.
 */
export interface SharedCache {
  /** Longer values are not kept, and not handed out. */
  readonly mostValueBytes: number;
  /**
   * The values of keys, in their order; undefined where there is none, or where the servers do not tell in time. Never rejects.
   * @param keys of printable ASCII without spaces, at most 200 characters each.
   */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Keeps a value for so many ms, soon or not at all. Nobody is told which. */
  put(key: string, value: Uint8Array, lifetimeMs: number): void;
  /** Ends the connections. From then on nothing is there. */
  close(): void;
}

/** What became of one call to a server, for metrics. */
export interface SharedCacheCall {
  /** Its address. */
  readonly server: string;
  readonly call: 'get' | 'put';
  /** Skipped calls were not made: the server is away, or too many calls to it are under way. */
  readonly outcome: 'answered' | 'failed' | 'skipped';
  /** ms; 0 for skipped calls. */
  readonly ms: number;
  /** Of the values that came or went. */
  readonly bytes: number;
}
