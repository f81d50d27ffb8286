/** What the clients of a server may keep open, and for how long. It counts for each transport. Times in ms. */
export interface ClientLimits {
  /** Open connections. Beyond, the one that waits longest for a request makes room, or else the new ones are refused. */
  readonly maxConnections: number;
  /** Until the headers of a request are there. */
  readonly headersTimeout: number;
  /** Until the whole request is there, and how long a connection of gRPC may be without calls. */
  readonly readTimeout: number;
  /** How long a client may send nothing of its request, or take nothing of its answer. */
  readonly stallTimeout: number;
  /** Until a client has taken its whole answer, from its first byte on. */
  readonly writeTimeout: number;
}

/**
 * Connections that the system may keep until they are accepted; it may allow fewer. One that finds no room there is tried again by
 * its client after seconds, so it is better to accept and cut it.
 */
export const MOST_PENDING = 4096;

export const DEFAULT_CLIENT_LIMITS: ClientLimits = {
  maxConnections: 512,
  headersTimeout: 10_000,
  readTimeout: 5 * 60_000,
  stallTimeout: 60_000,
  writeTimeout: 10 * 60_000,
};

/**
 * Why a server turned a client away:
 * - `too_many`: there were more connections, or requests on one of them, than it takes,
 * - `slow_request`: the request did not arrive,
 * - `slow_reader`: the client took nothing of its answer for a while,
 * - `long_answer`: it took too long to take all of it.
 */
export type CutReason = 'too_many' | 'slow_request' | 'slow_reader' | 'long_answer';
