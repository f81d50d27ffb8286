import { median } from './e2e/measure/median.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../scripts/build.ts';

const ROUNDS = 7;
const SERVE = [
  'serve',
  '--endpoint=http://127.0.0.1:1',
  '--http-address=127.0.0.1:0',
  '--grpc-address=127.0.0.1:0',
  // There is no load balancer that has to notice the end.
  '--http-shutdown-delay=0s',
];

interface Start {
  readonly args: readonly string[];
  /** What it prints when it is there; the others are there when they end. */
  readonly says?: string;
}

/**
 * How long the program takes until it has answered, or until it is ready; medians, and as multiples of Node's own start.
 * Starts take turns, so that a busy machine slows all of them. `again` starts with the compiled code of an
 * earlier start.
 */
export async function run(): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), 'promweave-cache-'));
  try {
    await build('dist');
    const built = 'dist/main.js';
    const starts: Readonly<Record<string, Start>> = {
      'node -e 0': { args: ['-e', '0'] },
      'built: --version': { args: [built, '--version'] },
      'built: serve': { args: [built, ...SERVE], says: 'msg=listening' },
      'sources: --version': { args: ['src/main.ts', '--version'] },
      'sources: serve': { args: ['src/main.ts', ...SERVE], says: 'msg=listening' },
    };
    const times: Record<string, number[]> = {};
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, start] of Object.entries(starts)) {
        const first = await timed(start, { NODE_DISABLE_COMPILE_CACHE: '1' });
        const again = await timed(start, { XDG_CACHE_HOME: cache });
        // The first round fills the cache, and the system's of files.
        if (round === 0) continue;
        (times[name] ??= []).push(first);
        if (name !== 'node -e 0') (times[`${name}, again`] ??= []).push(again);
      }
    }
    const node = median(times['node -e 0']!);
    console.table(
      Object.fromEntries(
        Object.entries(times).map(([name, all]) => [
          name,
          { ms: Math.round(median(all)), 'of node': Number((median(all) / node).toFixed(1)) },
        ]),
      ),
    );
  } finally {
    rmSync(cache, { recursive: true });
  }
}

/** ms. The process is asked to end and waited for. */
async function timed({ args, says }: Start, env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const closed = once(child, 'close');
  let ready: number | undefined;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      output += part.toString();
      if (says === undefined || ready !== undefined || !output.includes(says)) return;
      ready = performance.now();
      child.kill();
    });
  await closed;
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} failed:\n${output}`);
  return (ready ?? performance.now()) - started;
}
