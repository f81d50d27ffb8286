import type { ItemList } from '../../model/lazy-list.ts';
import { sortPaced } from '../../model/paced-sort.ts';
import type { Pace } from '../../model/pacer.ts';
import type { Scorer, Scoring } from './scoring.ts';

export interface ScoredName {
  readonly value: string;
  /** Above 0, up to 1. */
  readonly score: number;
}

export type NameOrder = 'ascending' | 'descending' | 'score';

export interface BestNames {
  readonly names: readonly ScoredName[];
  /** Whether others match as well. */
  readonly hasMore: boolean;
}

/** How many values pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * The first `limit` names that match. Of those that are left out none is kept, so what is held is the list itself and a
 * multiple of the limit.
 * @param sorted in ascending order, each name once.
 * @param order by score, the best come first, and equal ones in ascending order.
 */
export async function bestNames(
  sorted: ItemList<string>,
  scorer: Scorer,
  order: NameOrder,
  limit: number,
  pace: Pace,
): Promise<BestNames> {
  return order === 'score'
    ? byScore(sorted, scorer, limit, pace)
    : byValue(sorted, scorer, order === 'descending', limit, pace);
}

async function byValue(
  sorted: ItemList<string>,
  scorer: Scorer,
  isDescending: boolean,
  limit: number,
  pace: Pace,
): Promise<BestNames> {
  const names: ScoredName[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted.at(isDescending ? sorted.length - 1 - i : i)!;
    const score = await scoreOf(scorer(value), i, pace);
    if (score === undefined) continue;
    if (names.length === limit) return { names, hasMore: true };
    names.push({ value, score });
  }
  return { names, hasMore: false };
}

async function byScore(
  sorted: ItemList<string>,
  scorer: Scorer,
  limit: number,
  pace: Pace,
): Promise<BestNames> {
  let names: ScoredName[] = [];
  let matches = 0;
  const best = async (): Promise<ScoredName[]> =>
    // The sort keeps the order of equal ones, which is that of the list.
    (await sortPaced(names, (a, b) => b.score - a.score, pace)).slice(0, limit);
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted.at(i)!;
    const score = await scoreOf(scorer(value), i, pace);
    if (score === undefined) continue;
    matches++;
    names.push({ value, score });
    if (names.length >= 2 * limit) names = await best();
  }
  return { names: await best(), hasMore: matches > limit };
}

/** The result of a scoring, in parts where it is long. It is no promise where it is not: there may be a million of them. */
function scoreOf(
  scoring: Scoring,
  index: number,
  pace: Pace,
): number | undefined | Promise<number | undefined> {
  const first = scoring.next();
  if (first.done === true && (index % LOOK_EVERY !== 0 || !pace.due())) return first.value;
  return inParts(scoring, first, pace);
}

async function inParts(
  scoring: Scoring,
  first: IteratorResult<undefined, number | undefined>,
  pace: Pace,
): Promise<number | undefined> {
  for (let part = first; ; part = scoring.next()) {
    if (pace.due()) await pace.breathe();
    if (part.done === true) return part.value;
  }
}
