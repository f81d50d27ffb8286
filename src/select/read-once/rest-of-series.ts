import { EMPTY_LABELS, pairsOf, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import { matchersFor } from '../series/widen.ts';
import type { Spoken } from './choose-speakers.ts';

/** For so many series at most, and for this part of all, siblings are asked for these; for more, for all. */
const MOST_SERIES = 1000;
const MOST_PART = 0.1;

/**
 * What to ask the siblings of speakers beside the matchers of the request, so that series which are broken come from them as well; no
 * entry for those whose series are whole.
 */
export function restOf<S extends Spoken>(
  broken: readonly number[],
  groups: SeriesGroups,
  speakers: readonly S[],
  merged: ReadonlySet<string>,
): ReadonlyMap<S, readonly Matcher[]> {
  const wanted = new Map<S, Labels[]>();
  for (const position of broken) {
    const [endpoint] = groups.endpointsOf(position);
    const spoken = speakers.find(({ speaker }) => speaker.endpoint === endpoint);
    if (spoken === undefined) continue;
    const known = wanted.get(spoken) ?? [];
    wanted.set(spoken, known);
    if (known.length <= MOST_SERIES) known.push(groups.labels(position));
  }
  const isMany = broken.length > MOST_PART * groups.length;
  return new Map(
    [...wanted].map(([spoken, labels]) => {
      // What was asked for already is asked for again, with all the rest.
      const isAll = isMany || labels.length > MOST_SERIES || spoken.rest !== undefined;
      return [spoken, isAll ? [] : matchersOf(labels, spoken, merged)];
    }),
  );
}

/** External labels are not on the series of the endpoint. */
function matchersOf(
  labels: readonly Labels[],
  { speaker, siblings }: Spoken,
  merged: ReadonlySet<string>,
): readonly Matcher[] {
  const external = new Set(
    [speaker, ...siblings].flatMap(({ endpoint }) =>
      Array.from(pairsOf(endpoint.externalLabels ?? EMPTY_LABELS), ([name]) => name),
    ),
  );
  const matchers = matchersFor(
    labels.map((each) => ({ labels: each })),
    merged,
    speaker.matcherSets[0] ?? [],
  );
  return matchers.filter(({ name }) => !external.has(name));
}
