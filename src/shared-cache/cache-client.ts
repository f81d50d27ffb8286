/** A connection to one server of a cache. Each call rejects where the connection is broken, or the server does not keep to its protocol. */
export interface CacheClient {
  /** The values of keys, in their order; undefined where there is none. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Keeps a value for so many ms. A server that has no room for it may leave it out. */
  put(key: string, value: Uint8Array, lifetimeMs: number): Promise<void>;
  /** A sign of life. */
  ping(): Promise<void>;
  /** Ends the connection at once. Calls that wait for an answer reject. */
  close(): void;
}

/** Connects to a server until the signal aborts. Rejects where that does not succeed; then nothing is left open. */
export type ConnectCache = (signal: AbortSignal) => Promise<CacheClient>;

/** What TLS needs, in PEM format. */
export interface CacheTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name that the certificate of the server must have; its host where it is left out. */
  readonly serverName?: string | undefined;
  readonly acceptsAnyCertificate: boolean;
}

export interface CacheServer {
  readonly host: string;
  readonly port: number;
  /** Plain text where it is left out. */
  readonly tls?: CacheTls | undefined;
}
