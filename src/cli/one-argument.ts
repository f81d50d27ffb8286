import type { Command, Terminal } from './command.ts';
import { helpText } from './help.ts';
import { parseFlags, type ParsedFlags } from './parse-flags.ts';

export interface OneArgument {
  readonly argument: string;
  readonly parsed: ParsedFlags;
}

/** What a command that takes one argument was given, with its flags; the exit code where the help is shown instead. Throws `bad_data` for wrong flags. */
export function oneArgument(
  command: Command,
  args: readonly string[],
  { out, error }: Pick<Terminal, 'out' | 'error'>,
): OneArgument | number {
  const parsed = parseFlags(args, command.flags);
  const [argument, ...more] = parsed.positional;
  if (!parsed.help && argument !== undefined && more.length === 0) return { argument, parsed };
  (parsed.help ? out : error)(helpText(command));
  return parsed.help ? 0 : 1;
}
