import { execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Debian's package; `PROMTOOL_BIN` names another binary. */
const BINARY = process.env['PROMTOOL_BIN'] ?? '/usr/bin/promtool';

export interface TsdbBlocks {
  /** A storage folder for a Prometheus. */
  readonly dataDir: string;
  remove(): Promise<void>;
}

/**
 * Writes samples, as OpenMetrics text with timestamps in seconds and `# EOF`, into storage blocks of Prometheus.
 * @param longest how long a block may be; weeks of data in blocks of two hours take promtool a while.
 */
export async function createBlocks(openMetrics: string, longest = '2h'): Promise<TsdbBlocks> {
  await access(BINARY).catch(() => {
    throw new Error(
      `${BINARY} is not there; install it with "apt-get install prometheus" or set PROMTOOL_BIN`,
    );
  });
  const folder = await mkdtemp(join(tmpdir(), 'promweave-blocks-'));
  const input = join(folder, 'samples.txt');
  const dataDir = join(folder, 'data');
  await writeFile(input, openMetrics);
  await promisify(execFile)(BINARY, [
    'tsdb',
    'create-blocks-from',
    `--max-block-duration=${longest}`,
    'openmetrics',
    input,
    dataDir,
  ]);
  return { dataDir, remove: () => rm(folder, { recursive: true, force: true }) };
}
