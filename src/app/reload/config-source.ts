import type { Config } from '../../config/config.ts';
import type { ShownConfig } from '../../config/shown-config.ts';
import type { Result } from '../../model/result.ts';
import type { FileStamps } from './file-watch.ts';

/** A configuration as it was read, and the files that it comes from. */
export interface ConfigReading {
  /** What is wrong with it, as one line or more, where it cannot be used. */
  readonly config: Result<Config, string>;
  /** What it says, for clients to see; of one that can be used. */
  readonly shown: ShownConfig;
  /** The configuration file, and files of secrets and certificates that it names, as they were before they were read. */
  readonly files: FileStamps;
}

/** Where the configuration of a running gateway comes from. */
export interface ConfigSource {
  /** What the start read. */
  readonly first: ConfigReading;
  /** Reads it again. Nobody calls it before the last call is over. */
  readonly read: () => Promise<ConfigReading>;
}
