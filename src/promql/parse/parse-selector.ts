import { METRIC_NAME } from '../../model/labels.ts';
import type { Matcher, MatchKind } from '../../model/matcher.ts';
import type { SelectorModifiers, VectorSelector } from '../ast.ts';
import type { Token } from '../lex/token.ts';
import { unquote } from '../literal/unquote.ts';
import { regexProblem } from '../match/compile-regex.ts';
import type { TokenStream } from './token-stream.ts';

const NO_MODIFIERS: SelectorModifiers = { offset: undefined, at: undefined };

const IDENTIFIER = { where: 'label matching', expected: 'identifier or "}"' };
const SEPARATOR = { where: 'label matching', expected: '"," or "}"' };
const OPERATOR = { where: 'label matching', expected: 'label matching operator' };
const STRING = { where: 'label matching', expected: 'string' };

/** A selector whose metric name, if it has one in front of the braces, has been taken already. */
export function parseVectorSelector(tokens: TokenStream, name: Token | undefined): VectorSelector {
  const start = name?.start ?? tokens.peek().start;
  const matchers: Matcher[] = [];
  let end = name?.end ?? start;
  if (tokens.sees('{')) end = parseBraces(tokens, matchers);
  if (name !== undefined) matchers.push({ kind: '=', name: METRIC_NAME, value: name.text });
  return {
    kind: 'vectorSelector',
    at: { start, end },
    name: name?.text ?? '',
    matchers,
    modifiers: NO_MODIFIERS,
    extent: undefined,
    mayMatchEmpty: false,
  };
}

/** Returns the end of the closing brace. */
function parseBraces(tokens: TokenStream, matchers: Matcher[]): number {
  tokens.expect('{');
  const empty = tokens.accept('}');
  if (empty) return empty.end;
  for (;;) {
    matchers.push(parseMatcher(tokens));
    const close = tokens.accept('}');
    if (close) return close.end;
    tokens.expect(',', SEPARATOR);
    const closeBehindComma = tokens.accept('}');
    if (closeBehindComma) return closeBehindComma.end;
  }
}

function parseMatcher(tokens: TokenStream): Matcher {
  const label = tokens.accept('identifier');
  if (label) return parseComparison(tokens, label, label.text);
  const quoted = tokens.expect('string', IDENTIFIER);
  const name = unquote(quoted.text);
  if (matchKind(tokens) === undefined) return { kind: '=', name: METRIC_NAME, value: name };
  return parseComparison(tokens, quoted, name);
}

function parseComparison(tokens: TokenStream, label: Token, name: string): Matcher {
  const kind = matchKind(tokens);
  if (kind === undefined) return tokens.failUnexpected(OPERATOR);
  tokens.take();
  const value = unquote(tokens.expect('string', STRING).text);
  if (kind === '=~' || kind === '!~') {
    tokens.countPattern(value, label.start);
    const problem = regexProblem(value);
    if (problem !== undefined) tokens.fail(label.start, problem);
  }
  return { kind, name, value };
}

function matchKind(tokens: TokenStream): MatchKind | undefined {
  const { kind } = tokens.peek();
  return kind === '=' || kind === '!=' || kind === '=~' || kind === '!~' ? kind : undefined;
}
