/** What decides on a restart of the process, and how it is done. */
export interface ThisProcess {
  readonly platform: string;
  readonly argv: readonly string[];
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** There where a parent talks to it: that channel would not outlive a restart. */
  readonly send?: unknown;
  readonly execve?: (this: void, file: string, args: readonly string[], env: NodeJS.ProcessEnv) => void;
}

/** They run for long; all else ends before its memory matters. */
const LONG_RUNNING: ReadonlySet<string | undefined> = new Set(['serve', 'query', 'demo']);
/** glibc's own default, bytes. That it is set keeps glibc from raising it. */
const THRESHOLD = 128 * 1024;
const VARIABLE = 'MALLOC_TRIM_THRESHOLD_';
/** Whoever sets one of these has decided otherwise (mallopt(3)). */
const DECIDED = [VARIABLE, 'MALLOC_MMAP_THRESHOLD_', 'GLIBC_TUNABLES'];

/**
 * Lets the C library give freed memory back to the system. Left alone, glibc raises the size from which it does so with each large
 * block that is freed, up to 32 MiB, and then a process stays as large as its largest query for good: half a gigabyte after an
 * attack, of which nothing was in use. It reads the setting when a process starts, so this process begins anew, once,
 * under the same process id and before anything was loaded. Where that cannot be done, it goes on as it is.
 */
export function giveFreedMemoryBack({
  platform,
  argv,
  execPath,
  execArgv,
  env,
  send,
  execve,
}: ThisProcess): void {
  if (platform !== 'linux' || send !== undefined || execve === undefined) return;
  if (!LONG_RUNNING.has(argv[2]) || DECIDED.some((name) => env[name] !== undefined)) return;
  try {
    execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, [VARIABLE]: String(THRESHOLD) });
  } catch {
    // Such as a system that forbids it. Memory then stays where it was.
  }
}
