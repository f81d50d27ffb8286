import { METRIC_NAME } from '../model/labels.ts';
import type { Matcher } from '../model/matcher.ts';
import { printMatcher } from '../promql/print/print-selector.ts';

const BARE_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** `up{job="a"}`, with the metric's name in front where it can stand there. */
export function selectorText(matchers: readonly Matcher[]): string {
  const named = matchers.find(
    ({ name, kind, value }) => name === METRIC_NAME && kind === '=' && BARE_NAME.test(value),
  );
  const rest = matchers.filter((matcher) => matcher !== named).map(printMatcher);
  if (named !== undefined && rest.length === 0) return named.value;
  return `${named?.value ?? ''}{${rest.join(', ')}}`;
}
