import { findJemalloc, JEMALLOC_OPTIONS } from './jemalloc.ts';

/** What decides on a restart of the process, and how it is done. */
export interface ThisProcess {
  readonly platform: string;
  readonly pid: number;
  readonly argv: readonly string[];
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly env: Environment;
  readonly stderr: { write(text: string): unknown };
  /** There where a parent talks to it: that channel would not outlive a restart. */
  readonly send?: unknown;
  readonly execve?: (this: void, file: string, args: readonly string[], env: NodeJS.ProcessEnv) => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** They run for long; all else ends before its memory matters. */
const LONG_RUNNING: ReadonlySet<string | undefined> = new Set(['serve', 'query', 'demo']);
/** glibc's own default, bytes. That it is set keeps glibc from raising it. */
const THRESHOLD = 128 * 1024;
const VARIABLE = 'MALLOC_TRIM_THRESHOLD_';
/** Whoever sets one of these has decided otherwise (mallopt(3)). */
const DECIDED = [VARIABLE, 'MALLOC_MMAP_THRESHOLD_', 'GLIBC_TUNABLES'];
const PRELOADED = 'LD_PRELOAD';
/** Whoever preloads one of these has decided, too. */
const ALLOCATORS = /jemalloc|mimalloc|tcmalloc/;

/** `system` leaves the allocator as it is. `jemalloc` is what is done without it. */
const CHOICE = 'PROMWEAVE_ALLOCATOR';
const CHOICES: ReadonlySet<string> = new Set(['jemalloc', 'system']);
/**
 * The id of the process that has begun anew. Systems take the other variables away from a program with rights of its own, such as to
 * listen on port 443, and it would begin anew for ever.
 */
const BEGUN = 'PROMWEAVE_BEGUN_ANEW';

/**
 * Lets freed memory go back to the system. Left alone, glibc raises the size from which it does so with each large
 * block that is freed, up to 32 MiB, and then a process stays as large as its largest query for good. With that size set, it
 * still keeps holes between small blocks that stay: a quarter of a gigabyte after an attack, of which nothing was in use. jemalloc gives
 * back what lies free anywhere, so it is preloaded where the system has it. Both are read when a process starts, so this process begins
 * anew, once, under the same process id and before anything was loaded. Where that cannot be done, it goes on as it is.
 */
export function giveFreedMemoryBack(
  { platform, pid, argv, execPath, execArgv, env, stderr, send, execve }: ThisProcess,
  find: () => string | undefined = findJemalloc,
): void {
  if (!LONG_RUNNING.has(argv[2]) || env[BEGUN] === String(pid)) return;
  const problem = choiceProblem(env[CHOICE] ?? '');
  if (problem !== undefined) stderr.write(`${problem}\n`);
  if (platform !== 'linux' || send !== undefined || execve === undefined || isDecided(env)) return;
  try {
    execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], {
      ...env,
      [BEGUN]: String(pid),
      [VARIABLE]: String(THRESHOLD),
      ...(env[CHOICE] !== 'system' && preloading(env, find())),
    });
  } catch {
    // Such as a system that forbids it. Memory then stays where it was.
  }
}

/** Empty is as if it were not set. */
function choiceProblem(choice: string): string | undefined {
  if (choice === '' || CHOICES.has(choice)) return undefined;
  return `${CHOICE} is ${JSON.stringify(choice)}, which is neither "jemalloc" nor "system"; it counts as "jemalloc"`;
}

function isDecided(env: Environment): boolean {
  return DECIDED.some((name) => env[name] !== undefined) || ALLOCATORS.test(env[PRELOADED] ?? '');
}

/** What else is preloaded comes first, as it would without this. */
function preloading(env: Environment, library: string | undefined): Environment {
  if (library === undefined) return {};
  const inherited = env[PRELOADED] ?? '';
  return {
    [PRELOADED]: inherited === '' ? library : `${inherited}:${library}`,
    MALLOC_CONF: env['MALLOC_CONF'] ?? JEMALLOC_OPTIONS,
  };
}
