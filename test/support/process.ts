import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';

export interface RunningProcess {
  readonly child: ChildProcess;
  /** What it printed so far, both streams. */
  output(): string;
  /** Sends the signal and waits for the end; resolves to the exit code, null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Surroundings extends Pick<SpawnOptions, 'cwd' | 'env'> {
  /** A file for standard error instead of a pipe to the test, which then does not see it. */
  readonly stderr?: number;
}

/** Starts a program; `debianPackage` is named where the binary is not there. Stop it before the test ends. */
export async function startProcess(
  binary: string,
  args: readonly string[],
  debianPackage?: string,
  { cwd, env, stderr }: Surroundings = {},
): Promise<RunningProcess> {
  await access(binary).catch(() => {
    const hint = debianPackage === undefined ? '' : `; install it with "apt-get install ${debianPackage}"`;
    throw new Error(`${binary} is not there${hint}`);
  });
  const child = spawn(binary, args, {
    stdio: ['ignore', 'pipe', stderr ?? 'pipe'],
    cwd,
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => {
      output = (output + part.toString()).slice(-65_536);
    });
  }
  const exited = once(child, 'exit');
  return {
    child,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
        await exited;
        clearTimeout(force);
      }
      return child.exitCode;
    },
  };
}
