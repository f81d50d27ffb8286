/** What became of the configuration since the start. */
export interface ConfigStatus {
  /** Counts the configurations that were in force: 1 at the start, and one more with each that was read again. */
  readonly generation: number;
  /** False where the last one that was read cannot be used, and the one before is in force. */
  readonly isLastReloadSuccessful: boolean;
  /** When a reload failed last, ms since the epoch; undefined where none did. */
  readonly failedAt?: number | undefined;
  /** When the one in force was read, ms since the epoch. */
  readonly loadedAt: number;
}
