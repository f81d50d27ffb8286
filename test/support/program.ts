import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startProcess, type RunningProcess } from './process.ts';

const RECORDER = fileURLToPath(new URL('record-modules.ts', import.meta.url));

export interface Program extends RunningProcess {
  /** Waits for the end of its own accord, or after `stop`; tells what the process loaded. */
  ended(): Promise<Modules>;
}

/** What a process loaded, without what is built into Node. */
export interface Modules {
  /** Files of its own, relative to the folder that it ran in. */
  readonly files: readonly string[];
  /** Names of libraries. */
  readonly packages: readonly string[];
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts promweave from `main`, a path below `cwd`. It ends with the test at the latest. */
export async function startProgram(
  t: TestContext,
  main: string,
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: Surroundings = {},
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-modules-'));
  const list = join(folder, 'modules.json');
  const running = await startProcess(process.execPath, ['--import', RECORDER, main, ...args], undefined, {
    cwd,
    env: { ...env, MODULE_LIST: list },
  });
  const closed = once(running.child, 'close');
  t.after(async () => {
    await running.stop('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  return {
    ...running,
    ended: async () => {
      await closed;
      return modulesOf(JSON.parse(readFileSync(list, 'utf8')) as readonly string[], cwd);
    },
  };
}

/** Runs promweave to its end. */
export async function runProgram(
  t: TestContext,
  main: string,
  args: readonly string[],
  surroundings?: Surroundings,
): Promise<{ readonly code: number | null; readonly output: string; readonly modules: Modules }> {
  const program = await startProgram(t, main, args, surroundings);
  const modules = await program.ended();
  return { code: program.child.exitCode, output: program.output(), modules };
}

function modulesOf(loaded: readonly string[], cwd: string): Modules {
  const files = loaded.map((path) => relative(cwd, path)).toSorted();
  const packages = files.flatMap((file) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return {
    files: files.filter((file) => !file.includes('node_modules/')),
    packages: [...new Set(packages)].toSorted(),
  };
}
