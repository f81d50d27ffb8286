import { closest } from '../model/closest.ts';
import { QueryError } from '../model/errors.ts';
import type { Flag } from './flags/flag.ts';
import { THANOS_FLAGS } from './thanos-flags.ts';

export interface ParsedFlags {
  /** Values by flag name: strings, booleans for switches, lists for repeated flags, numbers for numbers. */
  readonly values: ReadonlyMap<string, string | boolean | number | readonly string[]>;
  readonly positional: readonly string[];
  /** Sentences on accepted flags that do nothing, each once. */
  readonly notes: readonly string[];
  readonly help: boolean;
}

/**
 * Reads a command line as Thanos' parser does: `--name=value`, `--name value`, `--switch`, `--no-switch`. Throws
 * `bad_data` for an unknown flag, with the nearest known name.
 */
export function parseFlags(args: readonly string[], flags: readonly Flag[], thanos = false): ParsedFlags {
  const values = new Map<string, string | boolean | number | readonly string[]>();
  const positional: string[] = [];
  const notes = new Set<string>();
  let help = false;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (argument === '--help' || argument === '-h') {
      help = true;
    } else if (argument === '--') {
      positional.push(...args.slice(i + 1));
      break;
    } else if (argument.startsWith('--')) {
      const { name, inline } = split(argument);
      const found = lookUp(name, flags, thanos);
      let text = inline;
      if (found.kind !== 'switch' && text === undefined) {
        text = args[++i];
        if (text === undefined || text.startsWith('--'))
          throw new QueryError('bad_data', `--${name} needs a value: --${name}=VALUE`);
      }
      if ('reason' in found) notes.add(`--${found.name} is accepted, but ${found.reason}`);
      else values.set(found.name, valueOf(found, text, values.get(found.name), !name.startsWith('no-')));
    } else {
      positional.push(argument);
    }
  }
  return { values, positional, notes: [...notes], help };
}

function split(argument: string): { readonly name: string; readonly inline: string | undefined } {
  const equals = argument.indexOf('=');
  if (equals === -1) return { name: argument.slice(2), inline: undefined };
  return { name: argument.slice(2, equals), inline: argument.slice(equals + 1) };
}

type Found = Flag | { readonly name: string; readonly kind: 'value' | 'switch'; readonly reason: string };

function lookUp(name: string, flags: readonly Flag[], thanos: boolean): Found {
  const positive = name.startsWith('no-') ? name.slice(3) : name;
  const own = flags.find((flag) => flag.name === name || (flag.kind === 'switch' && flag.name === positive));
  if (own !== undefined) return own;
  const theirs = thanos ? (THANOS_FLAGS.get(name) ?? THANOS_FLAGS.get(positive)) : undefined;
  if (theirs !== undefined) {
    const { kind, reason } = theirs;
    return { name, kind, reason };
  }
  const meant = closest(
    name,
    flags.map((flag) => flag.name),
  );
  const hint = meant === undefined ? '--help lists them' : `did you mean --${meant}?`;
  throw new QueryError('bad_data', `unknown flag --${name}; ${hint}`);
}

function valueOf(
  flag: Flag,
  text: string | undefined,
  before: string | boolean | number | readonly string[] | undefined,
  positive: boolean,
): string | boolean | number | readonly string[] {
  switch (flag.kind) {
    case 'value':
      return text!;
    case 'number': {
      const number = Number(text);
      if (text === '' || !Number.isFinite(number)) {
        throw new QueryError('bad_data', `--${flag.name} takes a number, not ${JSON.stringify(text)}`);
      }
      return number;
    }
    case 'repeated':
    case 'repeated-whole':
      return [
        ...(Array.isArray(before) ? (before as readonly string[]) : []),
        ...(flag.kind === 'repeated' ? text!.split(',') : [text!]),
      ];
    case 'switch':
      if (text === undefined) return positive;
      if (text === 'true' || text === 'false') return (text === 'true') === positive;
      throw new QueryError('bad_data', `--${flag.name} takes true or false, not ${JSON.stringify(text)}`);
  }
}
