import type { ServerKind } from '../../../model/server-kind.ts';
import type { Parameters } from '../api-call.ts';

/** How samples are read from a server. */
export type ReadProtocol = 'remote-read-chunks' | 'remote-read-samples' | 'export' | 'query';

/** In what one kind of server differs from the others. Nothing of it is needed where a server can be asked instead. */
export interface Kind {
  /** An agent is recognised and cannot be configured, since there is nothing to read. */
  readonly name: ServerKind | 'prometheus-agent';
  /** Its name in messages. */
  readonly title: string;
  /** How samples may be read, best first. What the server does not offer is passed over; without any it keeps no samples. */
  readonly protocols: readonly ReadProtocol[];
  /** Where remote read is, without parameters. */
  readonly readPath: string;
  /** Sent with each call for series and samples, so that these come as they are stored. */
  readonly parameters: Parameters;
  /** Where its API is if not at the root, for advice. */
  readonly prefix: string | undefined;
  /** Whether each NaN that it has is a stale marker, because it stores no other. */
  readonly isNaNStale: boolean;
  /** Whether it takes matchers as Prometheus does. One that does not is asked for more, and the rest is left out here. */
  readonly takesMatchers: boolean;
  /** Whether it may say behind a stream what that lacks, where it is told that this is read. */
  readonly sendsTrailers: boolean;
  /** How its series and labels are listed. Other calls that it does not have are told by its answers. */
  readonly lookups: 'api' | 'series-keys' | 'none';
  /** Whether it may tell where its series come from. */
  readonly tellsOrigins: boolean;
}
