import {
  MOST_MARGIN_MS,
  intervalFor,
  marginFor,
  marginNeeded,
  spacingOf,
  withRoom,
} from '../../dedup/margin.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Replica } from '../../dedup/replica.ts';
import { Pacer } from '../../model/pacer.ts';
import { pairsOf } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { quoteRegex } from '../../promql/match/quote-regex.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { Extent } from '../../wire/batch/extent.ts';
import { ReadScratch, tryReadReplica } from '../reading/read-replica.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import { commonSpacing, type IntervalSurvey } from './interval-survey.ts';
import type { Margin } from './margin.ts';

/** Series whose replicas are chosen by samples that were not read, by position, and the margin in ms that shows them. */
export interface SlowSeries {
  readonly positions: ReadonlySet<number>;
  readonly margin: number;
  /** Whether there are more, which tell no interval, than are read again. */
  readonly hasUntold: boolean;
}

/**
 * Series with so few samples that they tell no interval: of so many at most, this margin is read, ms, which shows intervals
 * of up to an hour. New targets look the same, and after a deployment there are many of them at once.
 */
const MOST_UNTOLD = 100;
const UNTOLD_MARGIN_MS = marginFor(3_600_000);

/**
 * Finds the series of which deduplication has to see more than was read, so that its choices depend on no range: those
 * that are scraped more seldom than it was read for, and those of an endpoint that turns out to hold several replicas.
 * @param margin that the series were read with.
 * @param survey hears of the intervals of those that need no more.
 * @param positions of the series to look at; all where it is left out.
 */
export async function findSlow(
  scope: RequestScope,
  groups: SeriesGroups,
  margin: Margin,
  survey: IntervalSurvey,
  positions?: ReadonlySet<number>,
): Promise<SlowSeries> {
  const slow = new Set<number>();
  const untold: number[] = [];
  const scratch = new ReadScratch();
  const extent: Extent = { first: 0, last: 0, most: 0 };
  const spacings = new Float64Array(positions === undefined && margin.ms > 0 ? groups.length : 0);
  // Never less than the usual one, so that one more read shows all.
  let most = Math.max(margin.ms, marginFor());
  const note = (endpoint: Endpoint, spacing: number): void => {
    survey.sawMean(endpoint.id, spacing <= margin.proven ? spacing : Infinity);
  };
  const look = (position: number): void => {
    if (margin.ms === 0) {
      if (isShared(groups, position)) slow.add(position);
      return;
    }
    // Judged without decoding anything, since nearly all series are fast.
    const spacing = groups.measure(position, extent, spacingOf, note);
    if (spacing <= margin.proven) {
      spacings[position] = spacing;
      return;
    }
    if (isBrief(extent, margin)) return;
    const group = groups.at(position);
    const needed = neededBy(group, scratch);
    if (needed <= margin.ms) {
      if (needed > 0) for (const { endpoint } of group.replicas) survey.saw(endpoint.id, intervalFor(needed));
      return;
    }
    if (needed === MOST_MARGIN_MS) {
      if (untold.length <= MOST_UNTOLD) untold.push(position);
      return;
    }
    slow.add(position);
    most = Math.max(most, needed);
  };
  const pacer = new Pacer(scope);
  await pacer.forEach(positions ?? groups.positions(), look);
  if (spacings.length > 0) survey.longestMean = await longestInterval(groups, spacings, scratch, pacer);
  if (untold.length <= MOST_UNTOLD && margin.ms < UNTOLD_MARGIN_MS)
    for (const position of untold) {
      slow.add(position);
      most = Math.max(most, UNTOLD_MARGIN_MS);
    }
  return { positions: slow, margin: most, hasUntold: untold.length > MOST_UNTOLD };
}

/** Series with holes are looked at for their interval; where more than this share of all seem to have some, means must do. */
const MOST_OUTLIERS = 0.1;

/**
 * The longest interval of series in ms by their mean spacings, ms. A few that are much longer than the others are those of
 * series with holes: these are decoded, or each read would see a slow one among thousands.
 */
async function longestInterval(
  groups: SeriesGroups,
  spacings: Float64Array,
  scratch: ReadScratch,
  pacer: Pacer,
): Promise<number> {
  const common = commonSpacing(spacings);
  const outliers: number[] = [];
  for (let position = 0; position < spacings.length; position++)
    if (spacings[position]! > withRoom(common)) outliers.push(position);
  if (outliers.length > MOST_OUTLIERS * spacings.length) return Infinity;
  let longest = common;
  await pacer.forEach(outliers, (position) => {
    longest = Math.max(longest, intervalFor(neededBy(groups.at(position), scratch)));
  });
  return longest;
}

/** Whether a series that was read without a margin came from several replicas. */
function isShared(groups: SeriesGroups, position: number): boolean {
  return groups.received(position) > 1 && groups.at(position).replicas.length > 1;
}

/** The margin that the samples of a series show it to need, ms; of replicas that are scraped seldom one alone may have some. */
function neededBy({ replicas, range }: SeriesGroup, scratch: ReadScratch): number {
  const read = replicas.map(({ name, pieces }, i): Replica => {
    const columns = scratch.replica(i);
    // Malformed chunks leave it empty here. Reading the series finds them, too, and says so.
    tryReadReplica(pieces, range, columns, scratch);
    return { name, columns };
  });
  return marginNeeded(read);
}

/**
 * Whether all samples lie so close together that no spacing between them is too long. A single one tells nothing, and neither do
 * samples that are no chunks, which are in no extent.
 */
function isBrief({ first, last, most }: Extent, { proven }: Margin): boolean {
  return most > 1 && last - first <= proven;
}

/** Values of a label that a matcher lists; series that have more are told apart by other labels. */
const MOST_VALUES = 100;

/**
 * Matchers that the given series fulfil, and few others: a value for each label that has few of them. Labels that are merged
 * say nothing, since each replica has another value, and neither do those that are matched as texts already.
 */
export function matchersFor(
  groups: Iterable<Pick<SeriesGroup, 'labels'>>,
  merged: ReadonlySet<string>,
  matched: readonly Matcher[],
): readonly Matcher[] {
  const isTold = new Set(matched.flatMap(({ kind, name }) => (kind === '=' ? [name] : [])));
  const values = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  let total = 0;
  for (const { labels } of groups) {
    total++;
    for (const [name, value] of pairsOf(labels)) {
      let known = values.get(name);
      if (known === undefined) values.set(name, (known = new Set()));
      if (known.size <= MOST_VALUES) known.add(value);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const matchers: Matcher[] = [];
  for (const [name, known] of values) {
    if (known.size > MOST_VALUES || merged.has(name) || isTold.has(name)) continue;
    // Some of the series may not have the label at all.
    const all = [...known, ...(counts.get(name)! < total ? [''] : [])];
    matchers.push(
      all.length === 1
        ? { kind: '=', name, value: all[0]! }
        : { kind: '=~', name, value: all.map(quoteRegex).join('|') },
    );
  }
  return matchers;
}
