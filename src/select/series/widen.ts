import { MOST_MARGIN_MS, marginFor, marginNeeded, mayBeSlow } from '../../dedup/margin.ts';
import type { Replica } from '../../dedup/replica.ts';
import { Pacer } from '../../model/pacer.ts';
import { pairsOf } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { quoteRegex } from '../../promql/match/quote-regex.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { SLOW_MS } from '../../dedup/window-length.ts';
import type { Extent } from '../../wire/batch/series-batch.ts';
import { ReadScratch, tryReadReplica } from '../reading/read-replica.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';

/** Series whose replicas are chosen by samples that were not read, by position, and the margin in ms that shows them. */
export interface SlowSeries {
  readonly positions: ReadonlySet<number>;
  readonly margin: number;
}

/**
 * Series with so few samples that they tell no interval: of so many at most, this margin is read, ms, which shows intervals
 * of up to an hour. New targets look the same, and after a deployment there are many of them at once.
 */
const MOST_UNTOLD = 100;
const UNTOLD_MARGIN_MS = marginFor(3_600_000);

/**
 * Finds the series of which deduplication has to see more than was read, so that its choices depend on no range: those
 * that are scraped seldom, and those of an endpoint that turns out to hold several replicas.
 * @param margin that the series were read with, ms.
 * @param positions of the series to look at; all where it is left out.
 */
export async function findSlow(
  { signal }: RequestScope,
  groups: SeriesGroups,
  margin: number,
  positions?: ReadonlySet<number>,
): Promise<SlowSeries> {
  const slow = new Set<number>();
  const untold: number[] = [];
  const scratch = { samples: new ReadScratch(), extent: { first: 0, last: 0, most: 0, passed: false } };
  let most = margin;
  const look = (position: number): void => {
    const needed = neededBy(groups, position, margin, scratch);
    if (needed <= margin) return;
    if (needed === MOST_MARGIN_MS) {
      if (untold.length <= MOST_UNTOLD) untold.push(position);
      return;
    }
    slow.add(position);
    most = Math.max(most, needed);
  };
  await new Pacer(signal).forEach(positions ?? groups.positions(), look);
  if (untold.length <= MOST_UNTOLD && margin < UNTOLD_MARGIN_MS)
    for (const position of untold) {
      slow.add(position);
      most = Math.max(most, UNTOLD_MARGIN_MS);
    }
  return { positions: slow, margin: most };
}

/** What is made once for all series. */
interface Scratch {
  readonly samples: ReadScratch;
  readonly extent: Extent;
}

function neededBy(groups: SeriesGroups, position: number, margin: number, scratch: Scratch): number {
  // Of replicas that are scraped seldom one alone may have samples in the range.
  if (margin === 0 && groups.received(position) < 2) return margin;
  // Judged without decoding anything, since nearly all series are fast.
  if (margin >= marginFor() && isFast(groups, position, scratch.extent)) return margin;
  const { replicas, range } = groups.at(position);
  if (margin === 0 && replicas.length < 2) return margin;
  if (margin < marginFor()) return marginFor();
  const { samples } = scratch;
  const read: Replica[] = [];
  replicas.forEach(({ name, pieces }, i) => {
    const columns = samples.replica(i);
    // Malformed chunks leave it empty here. Reading the series finds them, too, and says so.
    tryReadReplica(pieces, range, columns, samples);
    read.push({ name, columns });
  });
  return marginNeeded(read);
}

/**
 * Whether the facts of the chunks tell that the series is fast: no chunk may be slow, or all samples lie so close together that no
 * spacing between them can be a slow one. A single one tells nothing.
 */
function isFast(groups: SeriesGroups, position: number, extent: Extent): boolean {
  if (!groups.measure(position, extent, mayBeSlow)) return false;
  return !extent.passed || (extent.most > 1 && extent.last - extent.first <= SLOW_MS);
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
