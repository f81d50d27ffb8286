import { EMPTY_LABELS, METRIC_NAME, labelsFrom, type Labels } from '../../../model/labels.ts';
import type { Matcher } from '../../../model/matcher.ts';
import { compileMatcher } from '../../../promql/match/compile.ts';
import type { PlanNode } from '../../../plan/plan-node.ts';

/** Labels of what is absent, as far as the selector names them: those with one equality matcher and no other. */
export function absentLabels(of: PlanNode): Labels {
  switch (of.kind) {
    case 'vectorSelect':
      return labelsOfMatchers(of.matchers);
    case 'matrixSelect':
      return labelsOfMatchers(of.selector.matchers);
    default:
      return EMPTY_LABELS;
  }
}

function labelsOfMatchers(matchers: readonly Matcher[]): Labels {
  const values = new Map<string, string>();
  const equal = new Set<string>();
  // A storage of Prometheus puts matchers that take series away behind the others before the labels are looked at.
  const takesAway = (matcher: Matcher): boolean =>
    matcher.kind.startsWith('!') && compileMatcher(matcher)('');
  const ordered = [...matchers.filter((each) => !takesAway(each)), ...matchers.filter(takesAway)];
  for (const { name, kind, value } of ordered) {
    if (name === METRIC_NAME) continue;
    if (kind === '=' && !equal.has(name)) {
      values.set(name, value);
      equal.add(name);
    } else {
      values.delete(name);
    }
  }
  return labelsFrom(values);
}
