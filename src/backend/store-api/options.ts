import type { Clock } from '../../model/clock.ts';
import type { Labels } from '../../model/labels.ts';
import type { Authorization, TlsSource } from '../connection-options.ts';

/** One server of Thanos' Store API and how to talk to it. Plain data: the composition layer reads flags and files. */
export interface StoreApiOptions {
  /** As people wrote it, for messages. */
  readonly address: string;
  /** What gRPC connects to: `host:port`. */
  readonly target: string;
  /** Taken over those that the server tells, and put into its answers. */
  readonly externalLabels?: Labels;
  /** Largest answer that is read, bytes of all its messages after decompression. */
  readonly maxResponseBytes: number;
  /** Largest single message, bytes after decompression. */
  readonly maxMessageBytes: number;
  /** Time between signs of life on a connection with open calls, ms, and how long to wait for their answer. */
  readonly keepAliveMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Compresses requests with gzip. Answers are compressed as the server likes; samples are compressed already. */
  readonly gzip: boolean;
  /** Series in one message at most; servers that do not know this send one. */
  readonly batchSize: number;
  readonly authorization?: Authorization;
  /** Plain HTTP/2 where this is left out. */
  readonly tls?: TlsSource;
  /** Says how the engine here evaluates: a gateway that calls its own so evaluates alike. None does where this is left out. */
  readonly engine?: string | undefined;
  /** Sent with each call, for example a tenant's name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The system's where it is left out. */
  readonly clock?: Clock;
}

export const STORE_API_DEFAULTS: Omit<StoreApiOptions, 'address' | 'target'> = {
  maxResponseBytes: 1024 * 1024 * 1024,
  maxMessageBytes: 64 * 1024 * 1024,
  // Servers of Thanos close connections that ask more often than each 10 s.
  keepAliveMs: 20_000,
  keepAliveTimeoutMs: 10_000,
  gzip: false,
  batchSize: 64,
};
