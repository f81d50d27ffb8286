import type { Matcher } from '../model/matcher.ts';
import type { Expr } from './ast.ts';
import { NO_FEATURES } from './features.ts';
import { isMetricName } from './lex/token.ts';
import { PatternTotal } from './match/pattern-total.ts';
import { parseExpression } from './parse/parse-expression.ts';
import { parseVectorSelector } from './parse/parse-selector.ts';
import { TokenStream } from './parse/token-stream.ts';
import { checkTypes } from './type-check/check-types.ts';

/**
 * Parses and type checks a PromQL expression. `features` holds names of {@link PARSER_FEATURES}; what it does not
 * name is refused as Prometheus refuses it.
 *
 * Throws ParseError (`bad_data`) with the text of Prometheus 3.14: its first error is the only one it shows.
 */
export function parse(query: string, features: ReadonlySet<string> = NO_FEATURES): Expr {
  const tokens = new TokenStream(query, features);
  if (tokens.sees('end of input')) tokens.fail(0, 'no expression found in input');
  const expr = parseExpression(tokens);
  tokens.expect('end of input');
  return checkTypes(expr, query);
}

/**
 * Parses what a `match[]` parameter holds: a selector without range or modifiers. Whether it may match everything is
 * the caller's decision. Throws ParseError.
 * @param patterns one for all selectors of a request.
 */
export function parseMetricSelector(
  text: string,
  features: ReadonlySet<string> = NO_FEATURES,
  patterns: PatternTotal = new PatternTotal(),
): readonly Matcher[] {
  const tokens = new TokenStream(text, features, patterns);
  const next = tokens.peek().kind;
  if (next !== '{' && !isMetricName(next)) tokens.failUnexpected();
  const { matchers } = parseVectorSelector(tokens, next === '{' ? undefined : tokens.take());
  tokens.expect('end of input');
  return matchers;
}
