import { messageOf } from '../../src/model/errors.ts';
import { parseEval } from './parse-eval.ts';
import { parseLoad } from './parse-load.ts';
import { ScriptError } from './script-error.ts';
import type { Command } from './script.ts';

/** Parses a test script. A command goes on until the next empty line; lines with `#` in front count as empty. */
export function parseScript(text: string): readonly Command[] {
  const lines = text.split('\n').map((line) => (line.trim().startsWith('#') ? '' : line.trim()));
  const commands: Command[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] === '') continue;
    const at = i;
    try {
      const end = endOfCommand(lines, i);
      commands.push(parseCommand(lines[i]!, lines.slice(i + 1, end), at + 1));
      i = end - 1;
    } catch (thrown) {
      throw new ScriptError(at + 1, messageOf(thrown));
    }
  }
  return commands;
}

function parseCommand(head: string, body: readonly string[], line: number): Command {
  const word = head.split(/\s/, 1)[0]!.toLowerCase();
  if (word === 'clear') return { kind: 'clear' };
  if (word.startsWith('load')) return parseLoad(head, body);
  if (word.startsWith('eval')) return parseEval(head, body, line);
  throw new Error(`unknown command ${JSON.stringify(head)}`);
}

/** `clear` stands alone; an expected scalar or failure text ends an `eval`, all else goes on to the next empty line. */
function endOfCommand(lines: readonly string[], from: number): number {
  if (/^clear\b/i.test(lines[from]!)) return from + 1;
  let end = from + 1;
  while (end < lines.length && lines[end] !== '') {
    end++;
    if (/^eval/i.test(lines[from]!) && endsEval(lines[end - 1]!)) break;
  }
  return end;
}

function endsEval(line: string): boolean {
  return line.startsWith('expected_fail_') || /^[+-]?(?:[\d.][\w.+-]*|inf|nan)$/i.test(line);
}
