import { METRIC_NAME } from '../../model/labels.ts';
import { quote } from '../../model/quote.ts';
import type { VectorSelector } from '../ast.ts';
import { compileMatcher } from '../match/compile.ts';
import type { Fail } from './draft.ts';

/** A selector has one metric name at most, and must not select everything by accident. */
export function checkSelector({ name, matchers, mayMatchEmpty, at }: VectorSelector, fail: Fail): void {
  if (name !== '') {
    // The name in front of the braces is the last matcher.
    const again = matchers.slice(0, -1).find((matcher) => matcher.name === METRIC_NAME);
    if (again) fail(at.start, `metric name must not be set twice: "${name}" or ${quote(again.value)}`);
    return;
  }
  if (!mayMatchEmpty && matchers.every((matcher) => compileMatcher(matcher)('')))
    fail(at.start, 'vector selector must contain at least one non-empty matcher');
}
