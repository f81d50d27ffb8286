import type { Backend } from '../backend/backend.ts';
import type { Labels } from '../model/labels.ts';
import type { TimeWindow } from '../model/time-bound.ts';
import type { Replication } from '../model/replication.ts';

/** What an endpoint is to be. Plain data but for the maker, so that two can be compared. */
export interface EndpointSpec {
  /** As it is shown. */
  readonly address: string;
  /** Configured labels; undefined to take those that the endpoint tells. They stand in the place of a series' own. */
  readonly externalLabels?: Labels | undefined;
  readonly replication: Replication;
  /** Of which times it is asked for samples; of all where it is left out. */
  readonly window?: TimeWindow | undefined;
  /** Whether a gateway that starts is not ready before it answered. */
  readonly isStrict?: boolean | undefined;
  /** One call may take this long, ms. */
  readonly timeoutMs: number;
  /**
   * Equal for specs that are the same in all that they say, secrets included: an endpoint whose spec stays the same keeps
   * its backend and all that is known of it. For comparing only, never shown.
   */
  readonly fingerprint: string;
  /** Called once the endpoint is to be had. Throws `bad_data` where its settings allow no backend. */
  createBackend(): Backend;
  /**
   * Equal for specs that ask the same server for the same data, in whatever way: what is known of an endpoint stays known where only
   * the way changes. For comparing only, never shown.
   */
  readonly server: string;
}
