import { explain } from '../../../src/cli/commands/explain.ts';
import { runCli } from '../../../src/cli/run.ts';

/** Runs `promweave explain` with the arguments, as if in a terminal with so many columns. */
export async function runExplain(
  args: readonly string[],
  columns?: number,
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  let out = '';
  let error = '';
  const terminal = {
    out: (text: string) => void (out += text),
    error: (text: string) => void (error += text),
    stop: new AbortController().signal,
    columns,
  };
  const code = await runCli(['explain', ...args], [explain], terminal, '1.2.3');
  return { code, out, error };
}
