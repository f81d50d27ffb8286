import type { Endpoint } from '../../cluster/topology.ts';
import { EMPTY_LABELS, labelValue, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { compileMatcher } from '../../promql/match/compile.ts';
import { quoteRegex } from '../../promql/match/quote-regex.ts';

/** What becomes of one alternative of a request at an endpoint. */
export interface SplitMatchers {
  /** What the endpoint is asked. */
  readonly sent: readonly Matcher[];
  /** Those on external labels, for which something else is sent, or nothing. They hold for what comes back. */
  readonly fulfilled: readonly Matcher[];
}

/** What of an endpoint decides. */
export type LabelledEndpoint = Pick<Endpoint, 'externalLabels' | 'ownLabels'>;

/**
 * Turns matchers on the series of an answer into matchers for the endpoint, which does not see its external labels on
 * them. Undefined where no series can match. Where series carry the name of an external label themselves, their own
 * label wins, as in Prometheus (storage/remote/codec.go, `MergeLabels`), so the endpoint is asked for them too.
 */
export function splitMatchers(
  matchers: readonly Matcher[],
  endpoint: LabelledEndpoint,
): SplitMatchers | undefined {
  const { externalLabels = EMPTY_LABELS } = endpoint;
  const sent: Matcher[] = [];
  const fulfilled: Matcher[] = [];
  for (const matcher of matchers) {
    if (labelValue(externalLabels, matcher.name) === '') {
      sent.push(matcher);
      continue;
    }
    if (isContradiction(matcher, externalLabels, endpoint)) return undefined;
    fulfilled.push(matcher);
    if (carries(endpoint, matcher.name)) sent.push(...forOwnLabel(matcher, externalLabels));
  }
  return { sent, fulfilled };
}

/** True where an external label decides that no series of its endpoint can match. */
export function isContradiction(
  matcher: Matcher,
  externalLabels: Labels,
  endpoint: Pick<Endpoint, 'ownLabels'>,
): boolean {
  const external = labelValue(externalLabels, matcher.name);
  if (external === '' || compileMatcher(matcher)(external)) return false;
  // Only labels that are there have a value of their own.
  return !carries(endpoint, matcher.name) || (matcher.kind === '=' && matcher.value === '');
}

/** Whether series of an endpoint carry the name of an external label themselves, as far as anybody knows. */
export function carries({ ownLabels }: Pick<Endpoint, 'ownLabels'>, name: string): boolean {
  return ownLabels === 'unknown' || ownLabels.has(name);
}

/** Matchers on what the series themselves carry: where the label is absent there, the external one stands in its place. */
function forOwnLabel(matcher: Matcher, externalLabels: Labels): readonly Matcher[] {
  const { kind, name, value } = matcher;
  const matches = compileMatcher(matcher);
  if (!matches(labelValue(externalLabels, name))) {
    const present: Matcher = { kind: '!=', name, value: '' };
    return matches('') ? [matcher, present] : [matcher];
  }
  if (matches('')) return [matcher];
  switch (kind) {
    case '=':
      return [{ kind: '=~', name, value: `${quoteRegex(value)}|` }];
    case '=~':
      return [{ kind: '=~', name, value: `(?:${value})|` }];
    case '!=':
    case '!~':
      // No pattern says absent or different from another pattern. What comes is checked; lists may name too much.
      return [];
  }
}
