import type { Command } from './command.ts';

const WIDTH = 34;

/** The `--help` text of a command. */
export function helpText({ usage, summary, about = summary, flags }: Omit<Command, 'run'>): string {
  const lines = flags.map((flag) => {
    const dashes =
      flag.kind === 'switch' ? `--[no-]${flag.name}` : `--${flag.name}=${flag.placeholder ?? 'VALUE'}`;
    return dashes.length < WIDTH - 2
      ? `  ${dashes.padEnd(WIDTH)}${flag.help}`
      : `  ${dashes}\n  ${' '.repeat(WIDTH)}${flag.help}`;
  });
  const list = lines.length === 0 ? '' : `\nFlags:\n${lines.join('\n')}\n`;
  return `Usage: ${usage}\n\n${about}\n${list}`;
}
