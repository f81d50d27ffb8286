import { labelSetsOf } from '../../cluster/shard.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { labelValue, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { compileMatcher } from '../../promql/match/compile.ts';

/** A label that each endpoint has for those who choose by address, as in Thanos. */
const ADDRESS = '__address__';

/**
 * Whether an endpoint is one of those that a request chose: whether its address and its external labels match all matchers of
 * one of the sets. Without sets all are chosen. One that never told its labels is taken for one without any.
 */
export function chosenEndpoints(
  matcherSets: readonly (readonly Matcher[])[],
): (endpoint: Endpoint) => boolean {
  if (matcherSets.length === 0) return () => true;
  const sets = matcherSets.map((matchers) =>
    matchers.map((matcher) => ({ name: matcher.name, holds: compileMatcher(matcher) })),
  );
  return (endpoint) =>
    sets.some((matchers) =>
      labelSetsOf(endpoint).some((labels) =>
        matchers.every(({ name, holds }) => holds(valueOf(endpoint, labels, name))),
      ),
    );
}

function valueOf({ address }: Endpoint, labels: Labels, name: string): string {
  return name === ADDRESS ? address : labelValue(labels, name);
}
