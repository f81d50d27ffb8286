import type { Flag } from './flags/flag.ts';

const WIDTH = 34;

/** The `--help` text of a command. */
export function helpText(usage: string, summary: string, flags: readonly Flag[]): string {
  const lines = flags.map((flag) => {
    const dashes =
      flag.kind === 'switch' ? `--[no-]${flag.name}` : `--${flag.name}=${flag.placeholder ?? 'VALUE'}`;
    return dashes.length < WIDTH - 2
      ? `  ${dashes.padEnd(WIDTH)}${flag.help}`
      : `  ${dashes}\n  ${' '.repeat(WIDTH)}${flag.help}`;
  });
  const list = lines.length === 0 ? '' : `\nFlags:\n${lines.join('\n')}\n`;
  return `Usage: ${usage}\n\n${summary}\n${list}`;
}
