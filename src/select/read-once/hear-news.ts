import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { SelectionContext } from '../context.ts';
import { matchersFor } from '../series/widen.ts';
import { statesOf, type Spoken } from './choose-speakers.ts';
import { newAtSiblings, otherOrigin, targetKey } from './new-series.ts';
import type { ReadOnce } from './read-once.ts';
import { MOST_OTHERS } from './rest-of-targets.ts';
import { withinTime } from './within-time.ts';

/** What the news of its replicas mean for a shard of which one spoke. */
export type Heard =
  /** It has all. */
  | { readonly kind: 'nothing' }
  /** Siblings have to be asked for what these matchers match as well; for all where there are none. */
  | { readonly kind: 'new'; readonly matchers: readonly Matcher[] }
  /** The proof no longer holds, or nobody knows whether it does. */
  | { readonly kind: 'changed' };

/**
 * A replica has so long to tell, ms, since it was asked; then siblings are read. It is little to tell, and one that is frozen should hold up
 * nobody. What is there already is heard in any case.
 */
const PATIENCE_MS = 150;
const LEAST_MS = 20;

const NOTHING: Heard = { kind: 'nothing' };

/** Waits for what the replicas of a shard tell, and judges it. */
export async function hearNews(
  context: Pick<SelectionContext, 'timers' | 'lateness'>,
  { targets, origins }: ReadOnce,
  spoken: Spoken,
): Promise<Heard> {
  const { routes, speaker, known, rest, states, askedFor } = spoken;
  if (spoken.told === undefined) return NOTHING;
  const waited = origins.clock.monotonic() - spoken.toldFrom;
  const all = await withinTime(context, Math.max(PATIENCE_MS - waited, LEAST_MS), spoken.told);
  for (const [i, { endpoint }] of routes.entries())
    if (all?.[i] === undefined) origins.forget(endpoint.backend);
  const told = all?.filter((each) => each !== undefined) ?? [];
  const matchers = speaker.matcherSets[0] ?? [];
  const isAsBefore =
    told.length === routes.length && statesOf(told) === states && otherOrigin(told, matchers) === undefined;
  if (!isAsBefore) return { kind: 'changed' };
  const siblings = told.filter((_, i) => routes[i] !== speaker);
  const isKnown = (up: Labels): boolean => targets.knows(up, known.targets);
  const found = newAtSiblings(siblings, matchers, isKnown, MOST_OTHERS);
  if (found === 'many') return { kind: 'new', matchers: [] };
  const more = found.filter((labels) => !askedFor.has(targetKey(labels)));
  if (more.length === 0) return NOTHING;
  // What was asked for already is asked for again, with all the rest.
  if (rest !== undefined) return { kind: 'new', matchers: [] };
  return {
    kind: 'new',
    matchers: matchersFor(
      more.map((labels) => ({ labels })),
      new Set(),
      [],
    ),
  };
}
