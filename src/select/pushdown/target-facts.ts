import type { EvaluatedSeries } from '../../backend/evaluate-call.ts';
import type { KnownSteady } from '../../cluster/coverage/steady-memory.ts';
import { LIVE_INTERVALS } from '../../cluster/coverage/target-holes.ts';
import type { TargetTable } from '../../cluster/coverage/target-table.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import { HOLE_INTERVALS } from '../../dedup/penalty.ts';
import { formatLabelName } from '../../model/format-labels.ts';
import { labelsKey, labelValue, METRIC_NAME, pairsOf, withoutLabels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { TARGET_IDENTITY } from '../../model/target-identity.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { selectorOf } from '../../plan/distribute/partial-text.ts';

/** Targets of a shard with more labels than this, or more targets, are not proven so: the answer would be long. */
const MOST_NAMES = 30;
const MOST_TARGETS = 3000;

/** Which of the facts a series of the answer tells, and how many samples the series that it counts have. */
const FACT = '__part__';
export const COUNT = '__count__';
const OWN: ReadonlySet<string> = new Set([FACT, COUNT, METRIC_NAME]);

/** How many scrapes fewer than the length of a run lets expect may be there: one at its ends, and a part where intervals vary. */
const FEWER_SCRAPES = 1;
const FEWER_PART = 0.001;

/** The targets of a shard by their labels. */
interface KnownTargets {
  readonly size: number;
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
}

const KNOWN = new WeakMap<TargetTable, KnownTargets>();

function knownTargets(table: TargetTable): KnownTargets {
  const before = KNOWN.get(table);
  if (before?.size === table.size) return before;
  const names = new Set<string>(TARGET_IDENTITY);
  const numbers = new Map<string, number>();
  for (let target = 0; target < table.size; target++) {
    const labels = table.labels(target);
    for (const [name] of pairsOf(labels)) names.add(name);
    numbers.set(labelsKey(labels), target);
  }
  const known = { size: table.size, names: [...names], numbers };
  KNOWN.set(table, known);
  return known;
}

/** Whether answers that tell facts of each target would be short enough. */
export function tellsFacts(table: TargetTable): boolean {
  return table.size <= MOST_TARGETS && knownTargets(table).names.length <= MOST_NAMES;
}

/** The labels of targets, as a query groups by them. */
export function namesText(table: TargetTable): string {
  return knownTargets(table).names.map(formatLabelName).join(',');
}

/** Facts as one query: each series of its answer says which of them it tells. */
export function factsText(facts: Readonly<Record<string, string>>): string {
  return Object.entries(facts)
    .map(([fact, text]) => `label_replace(${text},"${FACT}","${fact}","","")`)
    .join(' or ');
}

/** What Prometheus writes of the scrapes of the targets that matchers can match, as far as it knows by the names of labels. */
export function ofScrapes(name: string, matchers: readonly Matcher[]): string {
  return selectorOf([
    { kind: '=', name: METRIC_NAME, value: name },
    ...matchers.filter(({ name: own }) => TARGET_IDENTITY.some((each) => each === own)),
  ]);
}

/** The window of a range selector that ends with a range, ms since the epoch, both inclusive. */
export function windowOf({ minTime, maxTime }: TimeRange): string {
  return `[${maxTime - minTime + 1}ms]`;
}

/** One fact of one target. */
export interface TargetFact {
  readonly fact: string;
  /** Undefined where the index of scrapes knows none with these labels. */
  readonly target: number | undefined;
  /** How many samples the series have that it counts; empty for other facts. */
  readonly count: string;
  readonly value: number;
}

/** Reads the answer to {@link factsText} at one time; undefined where it is none. */
export function readFacts(
  table: TargetTable,
  answer: readonly EvaluatedSeries[],
): readonly TargetFact[] | undefined {
  const { numbers } = knownTargets(table);
  if (answer.some(({ values }) => values.length !== 1)) return undefined;
  return answer.map(({ labels, values }) => ({
    fact: labelValue(labels, FACT),
    target: numbers.get(labelsKey(withoutLabels(labels, OWN))),
    count: labelValue(labels, COUNT),
    value: values.v[0]!,
  }));
}

/** What was told of scrapes, by target. */
export interface ToldScrapes {
  /** How often it was scraped in the range. */
  readonly scrapes: ReadonlyMap<number, number>;
  /** When it was last, ms since the epoch. */
  readonly lasts: ReadonlyMap<number, number>;
}

/**
 * Whether the targets that matchers can match were scraped as often as is known, and to the end. Tells until when nothing comes any more,
 * ms since the epoch: the earliest of the last scrapes of targets that go on. A target is scraped by one scrape after the other, and its
 * samples come with their `up`. Undefined where a target was not scraped so, or is not as it has to be.
 * @param range of what was told, ms since the epoch.
 * @param now ms since the epoch.
 */
export function settledBy(
  { steady, targets }: KnownSteady,
  matchers: readonly Matcher[],
  { minTime, maxTime }: TimeRange,
  { scrapes, lasts }: ToldScrapes,
  now: number,
  isGood: (target: number) => boolean = () => true,
): number | undefined {
  const isWanted = wantedTargets(targets, matchers);
  let settled = Infinity;
  for (let target = 0; target < steady.intervals.length; target++) {
    const [interval, first, known] = [
      steady.intervals[target]!,
      steady.firsts[target]!,
      steady.lasts[target]!,
    ];
    if (interval === 0 || first > maxTime || known < minTime || !isWanted(target)) continue;
    const isGoing = known >= steady.until - LIVE_INTERVALS * interval;
    const last = isGoing ? (lasts.get(target) ?? -Infinity) : Math.min(known, maxTime);
    if (isGoing && last < Math.min(maxTime, now) - HOLE_INTERVALS * interval) return undefined;
    if (isGoing) settled = Math.min(settled, last);
    const expected = (last - Math.max(first, minTime)) / interval;
    const isOften = (scrapes.get(target) ?? 0) >= expected * (1 - FEWER_PART) - FEWER_SCRAPES;
    if (!isOften || !isGood(target)) return undefined;
  }
  return settled;
}
