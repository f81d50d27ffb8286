import type { FastifyBaseLogger } from 'fastify';
import type { Gateway } from '../gateway/gateway.ts';
import type { ClientLimits } from '../model/client-limits.ts';
import type { ConfigStatus } from '../model/config-status.ts';
import type { Clock } from '../model/clock.ts';
import type { Sampler } from '../model/trace-context.ts';
import type { Timers } from '../model/timers.ts';
import type { CutObserver } from '../telemetry/cut-metrics.ts';
import type { HttpMetrics } from '../telemetry/http-metrics.ts';
import type { HttpAccess } from './admission.ts';
import type { AllowedOrigins } from './cors.ts';
import type { ServerControl } from './control.ts';
import type { PageFiles } from './routes/page/page-files.ts';
import type { WebPrefix } from './prefix.ts';
import type { TlsSource } from './secure-connections.ts';
import type { ServerStage } from './stage.ts';

/** What the HTTP API needs. */
export interface HttpOptions {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
  readonly metrics: HttpMetrics;
  readonly limits: ClientLimits;
  readonly timers: Timers;
  /** Hears of each client that was turned away. */
  readonly onCut: CutObserver;
  /** Whether spans of a request are collected; undefined where they are of none. */
  readonly sample?: Sampler | undefined;
  readonly info: ServerInfo;
  readonly stage: ServerStage;
  readonly control: ServerControl;
  readonly access: HttpAccess;
  /**
   * - `all`: what is for those who query, and what is for those who run the gateway
   * - `queries`: the first alone, as the other is served elsewhere
   * - `administration`: all, at an address that nobody reaches but those who run the gateway
   */
  readonly serves: 'all' | 'queries' | 'administration';
  /** Plain text where it is left out. */
  readonly tls?: TlsSource | undefined;
  readonly prefix: WebPrefix;
  /** What browsers are shown. */
  readonly page: PageFiles;
  /** The origins whose pages may read the answers. */
  readonly cors: () => AllowedOrigins | undefined;
}

/** What the status routes show. */
interface ServerInfo {
  readonly version: string;
  readonly revision: string;
  /** ms since the epoch. */
  readonly startTime: number;
  /** The settings in force, by the names of their flags. */
  readonly flags: () => Readonly<Record<string, string>>;
  /** The configuration in force as a file, without secrets. */
  readonly yaml: () => string;
  readonly config: () => ConfigStatus;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Failures are plain text, and not the envelope of the API. */
    failuresAsText?: boolean;
    /** A route that is described nowhere, and tells nothing of data or servers. */
    isOpen?: boolean;
    /** The body is a message in this encoding, of whatever media type, and no form. */
    messageEncoding?: string;
  }
}
