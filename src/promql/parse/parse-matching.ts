import type { VectorMatching } from '../ast.ts';
import { startsOperand } from '../lex/token.ts';
import { numberLiteral } from './literal.ts';
import { parseGrouping } from './parse-grouping.ts';
import type { TokenStream } from './token-stream.ts';

/** What stands between a binary operator and its right side. */
export interface BinaryModifiers {
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

type Grouping = Pick<VectorMatching, 'on' | 'labels' | 'cardinality' | 'include'>;

/** Reads `bool`, `on (…)` or `ignoring (…)`, `group_left (…)` or `group_right (…)`, and the fill modifiers. */
export function parseBinaryModifiers(tokens: TokenStream): BinaryModifiers {
  const returnBool = tokens.accept('bool') !== undefined;
  return { returnBool, matching: { ...parseOnOrIgnoring(tokens), ...parseFills(tokens) } };
}

function parseOnOrIgnoring(tokens: TokenStream): Grouping {
  const on = tokens.accept('on') !== undefined;
  if (!on && !tokens.accept('ignoring')) return { on, labels: [], cardinality: 'one-to-one', include: [] };
  return { on, labels: parseGrouping(tokens), ...parseGroupSide(tokens) };
}

function parseGroupSide(tokens: TokenStream): Pick<VectorMatching, 'cardinality' | 'include'> {
  const isLeft = tokens.accept('group_left') !== undefined;
  if (!isLeft && !tokens.accept('group_right')) return { cardinality: 'one-to-one', include: [] };
  // The labels may be left out; what is neither a label list nor an operand is an error of the list.
  const { kind } = tokens.peek();
  const include = kind === '(' || !startsOperand(kind) ? parseGrouping(tokens) : [];
  return { cardinality: isLeft ? 'many-to-one' : 'one-to-many', include };
}

function parseFills(tokens: TokenStream): Pick<VectorMatching, 'fillLeft' | 'fillRight'> {
  if (tokens.accept('fill')) {
    const value = parseFillValue(tokens);
    return { fillLeft: value, fillRight: value };
  }
  let fillLeft = tokens.accept('fill_left') ? parseFillValue(tokens) : undefined;
  const fillRight = tokens.accept('fill_right') ? parseFillValue(tokens) : undefined;
  if (fillRight !== undefined && fillLeft === undefined && tokens.accept('fill_left'))
    fillLeft = parseFillValue(tokens);
  return { fillLeft, fillRight };
}

function parseFillValue(tokens: TokenStream): number {
  tokens.expect('(');
  const isNegative = tokens.accept('-') !== undefined;
  if (!isNegative) tokens.accept('+');
  const { kind } = tokens.peek();
  if (kind !== 'number' && kind !== 'duration') tokens.failUnexpected();
  const { value } = numberLiteral(tokens, tokens.take());
  tokens.expect(')');
  return isNegative ? -value : value;
}
