import type { Labels } from '../../model/labels.ts';
import type { ServerKind } from '../../model/server-kind.ts';
import type { Clock } from '../../model/clock.ts';
import { CALLS_AT_ONCE, OWN_CONNECTIONS } from '../connection-options.ts';
import type { Authorization, TlsSource } from '../connection-options.ts';
import type { SeriesMemory } from '../series-memory.ts';

/** One Prometheus-compatible server and how to talk to it. Plain data: the composition layer reads flags and files. */
export interface PrometheusOptions {
  /** `http://host:9090`, with a path where the server has a route prefix; credentials do not belong in here. */
  readonly url: string;
  /** What the server is; what it tells of itself decides where this is left out. */
  readonly kind?: ServerKind | undefined;
  /** Sent with each request in the query, for example the name of a database. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Taken as they are and not asked for. Where the server adds others to remote-read answers, these win. */
  readonly externalLabels?: Labels;
  /** Making a connection may take this long, ms; how long a call may take is for its caller to say. */
  readonly connectTimeoutMs: number;
  /** Largest answer that is read, bytes as they come over the wire. */
  readonly maxResponseBytes: number;
  /** Open connections at most. */
  readonly connections: number;
  readonly authorization?: Authorization;
  readonly tls?: TlsSource;
  /** Sent with each request, for example a tenant's name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of headers that are sent as the caller of a request sent them. Those of {@link headers} stand for them where it sent none. */
  readonly passedHeaders?: readonly string[] | undefined;
  /** The system's where it is left out. */
  readonly clock?: Clock;
  /** Where the labels that it sends are remembered; nowhere where it is left out. */
  readonly memory?: SeriesMemory;
}

export const PROMETHEUS_DEFAULTS: Pick<
  PrometheusOptions,
  'connectTimeoutMs' | 'maxResponseBytes' | 'connections'
> = {
  connectTimeoutMs: 30_000,
  maxResponseBytes: 1024 * 1024 * 1024,
  connections: CALLS_AT_ONCE + OWN_CONNECTIONS,
};
