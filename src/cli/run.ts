import { closest } from '../model/closest.ts';
import { QueryError } from '../model/errors.ts';
import type { Command, Terminal } from './command.ts';

const ABOUT = 'promweave makes sharded, replicated Prometheus servers answer as one gap-free Prometheus.';

/**
 * Runs one command line (without the program's name) and resolves to its exit code. Expected failures are printed
 * as sentences. Anything else is a bug, and rejects.
 */
export async function runCli(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
  version: string,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.out(overview(commands));
    return name === undefined ? 1 : 0;
  }
  if (name === 'version' || name === '--version') {
    terminal.out(`promweave ${version}\n`);
    return 0;
  }
  const command = commands.find((each) => each.name === name || each.aliases.includes(name));
  if (command === undefined) {
    const meant = closest(
      name,
      commands.map((each) => each.name),
    );
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    terminal.error(`promweave: unknown command ${JSON.stringify(name)}${hint}\n\n${overview(commands)}`);
    return 1;
  }
  try {
    return await command.run(rest, terminal);
  } catch (thrown) {
    if (!(thrown instanceof QueryError) || thrown.kind === 'internal') throw thrown;
    terminal.error(`${thrown.message}\n`);
    return 1;
  }
}

function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(14)}${summary}`);
  return `${ABOUT}\n\nUsage: promweave COMMAND [FLAGS]\n\nCommands:\n${lines.join('\n')}\n\npromweave COMMAND --help shows the flags of a command.\n`;
}
