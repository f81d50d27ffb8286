import { quote } from '../../model/quote.ts';
import { type Token, isLabelName } from '../lex/token.ts';
import { unquote } from '../literal/unquote.ts';
import type { TokenStream } from './token-stream.ts';

const OPENING = { where: 'grouping opts', expected: '"("' };
const LABEL = { where: 'grouping opts', expected: 'label' };
const SEPARATOR = { where: 'grouping opts', expected: '"," or ")"' };

/** `(a, b, "c.d")` behind by, without, on, ignoring, group_left and group_right; a trailing comma is allowed. */
export function parseGrouping(tokens: TokenStream): readonly string[] {
  tokens.expect('(', OPENING);
  const labels: string[] = [];
  if (tokens.accept(')')) return labels;
  for (;;) {
    labels.push(groupingLabel(tokens));
    if (tokens.accept(')')) return labels;
    tokens.expect(',', SEPARATOR);
    if (tokens.accept(')')) return labels;
  }
}

function groupingLabel(tokens: TokenStream): string {
  const { kind } = tokens.peek();
  if (isLabelName(kind)) return tokens.take().text;
  if (kind !== 'string') tokens.failUnexpected(LABEL);
  const token: Token = tokens.take();
  const name = unquote(token.text);
  if (name === '' || !name.isWellFormed())
    tokens.fail(token.start, `invalid label name for grouping: ${quote(name)}`);
  return name;
}
