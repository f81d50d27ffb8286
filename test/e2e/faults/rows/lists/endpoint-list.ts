import type { ServeOptions } from '../../../../support/serve-process.ts';
import type { Replica } from '../../fleet/replica.ts';

/** Where a gateway finds endpoints, and what may go wrong there. */
export interface EndpointList {
  /** Of the configuration, as YAML: what has the gateway follow the list. A list of endpoints is indented. */
  readonly endpoints: string;
  readonly discovery: string;
  /** How the gateway is to be started. */
  readonly options: ServeOptions;
  /** Names these replicas from now on. */
  name(replicas: readonly Replica[]): Promise<void>;
  close(): Promise<void>;
}

/** How often lists are looked at, ms. */
export const LOOK_MS = 2000;
