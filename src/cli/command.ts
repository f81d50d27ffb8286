import type { Flag } from './flags/flag.ts';

/** Why a command is asked to stop. */
export class Stopped extends Error {
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}

/** What a command may touch of the outside; tests give their own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Aborts with {@link Stopped} when the process is asked to stop. */
  readonly stop: AbortSignal;
  /** Characters of a line; undefined where the output is no terminal. */
  readonly columns?: number | undefined;
}

/**
 * One sub-command. Its module imports only what the command line needs; `run` loads the rest, so that no command waits
 * for the libraries of another, and `--version` and `--help` wait for none.
 */
export interface Command {
  readonly name: string;
  /** Other names it answers to. */
  readonly aliases: readonly string[];
  readonly summary: string;
  /** How it is called, such as `promweave check-config FILE`. */
  readonly usage: string;
  /** What `--help` says besides; the summary where it is left out. */
  readonly about?: string;
  readonly flags: readonly Flag[];
  /** Resolves to the exit code. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
