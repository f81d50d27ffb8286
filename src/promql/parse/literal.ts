import type { NumberLiteral, StringLiteral } from '../ast.ts';
import type { Token } from '../lex/token.ts';
import { parseDurationToken } from '../literal/parse-duration.ts';
import { parseNumber } from '../literal/parse-number.ts';
import { unquote } from '../literal/unquote.ts';
import type { TokenStream } from './token-stream.ts';

/** Reads the value of a number or duration token; durations are in seconds. */
export function numberLiteral(tokens: TokenStream, token: Token): NumberLiteral {
  const { start, end, text } = token;
  const at = { start, end };
  if (token.kind === 'duration') {
    const ms = parseDurationToken(text);
    if (typeof ms !== 'number') return tokens.fail(start, ms.problem);
    return { kind: 'number', at, value: ms / 1000, isDuration: true };
  }
  const value = parseNumber(text);
  if (typeof value !== 'number') return tokens.fail(start, `error parsing number: ${value.problem}`);
  return { kind: 'number', at, value, isDuration: false };
}

export function stringLiteral({ start, end, text }: Token): StringLiteral {
  return { kind: 'string', at: { start, end }, value: unquote(text) };
}
