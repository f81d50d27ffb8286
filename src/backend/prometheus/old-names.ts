import { EMPTY_LABELS } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import { ApiError } from './api-call.ts';
import { isPlainName } from './selector-text.ts';

/** How the parsers of Prometheus 2 and what is built with them refuse a name in quotes, and a name that they do not allow. */
const REFUSAL = /parse error: unexpected string|invalid label name/;

/**
 * Asks with selectors, and where the server refuses the quoted names in them, as Prometheus 2 does, once more without. Such
 * a server can have no label of such a name, so for all of its series a matcher on it compares the empty value: it is
 * fulfilled, or its selector matches nothing. Undefined where no selector is left.
 */
export async function askWithNames<T>(
  matcherSets: readonly (readonly Matcher[])[],
  ask: (matcherSets: readonly (readonly Matcher[])[]) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask(matcherSets);
  } catch (thrown) {
    const isQuoted = matcherSets.some((matchers) => matchers.some(({ name }) => !isPlainName(name)));
    if (!isQuoted || !(thrown instanceof ApiError) || !REFUSAL.test(thrown.message)) throw thrown;
  }
  const left = matcherSets.filter(allowsAbsence).map(withPlainNames);
  return left.length === 0 ? undefined : ask(left);
}

/** Whether series without any of the quoted labels can match. */
function allowsAbsence(matchers: readonly Matcher[]): boolean {
  return compileMatchers(matchers.filter(({ name }) => !isPlainName(name)))(EMPTY_LABELS);
}

/** Those on names that every server takes. */
export function withPlainNames(matchers: readonly Matcher[]): readonly Matcher[] {
  return matchers.filter(({ name }) => isPlainName(name));
}
