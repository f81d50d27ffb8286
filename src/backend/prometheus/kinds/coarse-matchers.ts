import { METRIC_NAME } from '../../../model/labels.ts';
import type { Matcher } from '../../../model/matcher.ts';
import { compileMatcher } from '../../../promql/match/compile.ts';

/**
 * What a server is asked for that understands matchers in another way than Prometheus: patterns are anchored by themselves, and
 * those that a series without the label fulfils are left out. All series that match come, and others, which have to be left out then.
 */
export function coarseMatchers(matchers: readonly Matcher[]): readonly Matcher[] {
  const sent: Matcher[] = [];
  for (const matcher of matchers) {
    const { kind, name, value } = matcher;
    if ((kind !== '=' && kind !== '=~') || compileMatcher(matcher)('')) continue;
    sent.push(kind === '=' ? matcher : { kind, name, value: `^(?:${value})$` });
  }
  return sent.length > 0 ? sent : [{ kind: '=~', name: METRIC_NAME, value: '^.+$' }];
}
