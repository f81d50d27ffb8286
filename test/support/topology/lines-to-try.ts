import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../until.ts';
import { TOPOLOGIES, type Topology } from './topology.ts';

const inShell = promisify(execFile);
/** A rate needs two samples, so a topology that has just begun to scrape answers it with nothing. */
const PATIENCE_MS = 30_000;

/** The lines of shell in the part "Try it" of a topology's README: comments and commands. */
export function linesToTry(name: string): readonly string[] {
  const file = join(TOPOLOGIES, name, 'README.md');
  const part = /^## Try it\n[^]*?```sh\n(?<lines>[^]*?)\n```/m.exec(readFileSync(file, 'utf8'))?.groups?.[
    'lines'
  ];
  if (part === undefined) throw new Error(`${file} has no part "Try it" with lines of shell`);
  return part.split('\n');
}

/** Runs the commands that a topology's README tells to try. Each one must succeed, and print what is no error and, soon, not empty. */
export async function tryLines(name: string, topology: Topology): Promise<void> {
  const commands = linesToTry(name).filter((line) => !line.startsWith('#'));
  assert.ok(commands.length > 0);
  for (const command of commands) {
    let last = '';
    await until(`${command} had a result`, PATIENCE_MS, async () => {
      const { stdout } = await inShell('sh', ['-c', topology.localLine(command)]);
      assert.match(stdout, /"status":"success"/, command);
      last = stdout;
      return !stdout.includes('"result":[]');
    }).catch((thrown: Error) => {
      throw new Error(`${thrown.message}; the last answer was ${last}`);
    });
  }
}
