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
const PART = '__part__';
const COUNT = '__count__';
const SERIES = 'series';
const SCRAPES = 'scrapes';
const LAST = 'last';
const WORST = 'worst';
const OWN: ReadonlySet<string> = new Set([PART, COUNT, METRIC_NAME]);

/** Samples that a scrape leaves also where it fails. */
const OF_FAILED_SCRAPES = /^(?:up$|scrape_)/;

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

/** Whether the answer to {@link factsText} would be short enough. */
export function tellsFacts(table: TargetTable): boolean {
  return table.size <= MOST_TARGETS && knownTargets(table).names.length <= MOST_NAMES;
}

/**
 * A query whose answer {@link wholeSeries} judges, at the end of a range: for each target how many series have how many samples, how often
 * it was scraped, when last, and where a failed scrape may leave samples, whether one failed.
 * @param matchers of the selector, as the server takes them.
 * @param range ms since the epoch, both inclusive.
 */
export function factsText(
  table: TargetTable,
  matchers: readonly Matcher[],
  { minTime, maxTime }: TimeRange,
): string {
  const { names } = knownTargets(table);
  const window = `[${maxTime - minTime + 1}ms]`;
  const up = selectorOf([
    { kind: '=', name: METRIC_NAME, value: 'up' },
    ...matchers.filter(({ name }) => TARGET_IDENTITY.some((each) => each === name)),
  ]);
  const by = names.map(formatLabelName).join(',');
  const parts = [
    part(SERIES, `count_values by (${by}) ("${COUNT}",count_over_time(${selectorOf(matchers)}${window}))`),
    part(SCRAPES, `count_over_time(${up}${window})`),
    part(LAST, `timestamp(${up})`),
    ...(mayShowFailures(matchers) ? [part(WORST, `min_over_time(${up}${window})`)] : []),
  ];
  return parts.join(' or ');
}

function part(name: string, text: string): string {
  return `label_replace(${text},"${PART}","${name}","","")`;
}

function mayShowFailures(matchers: readonly Matcher[]): boolean {
  const name = matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.kind === '=');
  return name === undefined || OF_FAILED_SCRAPES.test(name.value);
}

/** What {@link wholeSeries} found of a replica that has all. */
export interface WholeSeries {
  /** How many series there are. */
  readonly series: number;
  /**
   * Until when nothing comes any more, ms since the epoch: the earliest of the last scrapes of targets that go on. A target is scraped
   * by one scrape after the other, and its samples come with their `up`.
   */
  readonly settled: number;
}

/**
 * How many series a replica has, if it has all that its scrapes let expect, as `read-once/broken-series.ts` asks of the series themselves:
 * each series belongs to one target and has a sample for each of its scrapes, and all targets were scraped as often as is known and to
 * the end. Undefined where it does not.
 * @param answer to {@link factsText}.
 * @param now ms since the epoch.
 */
export function wholeSeries(
  answer: readonly EvaluatedSeries[],
  { steady, targets }: KnownSteady,
  matchers: readonly Matcher[],
  { minTime, maxTime }: TimeRange,
  now: number,
): WholeSeries | undefined {
  const { numbers } = knownTargets(targets);
  const scrapes = new Map<number, number>();
  const lasts = new Map<number, number>();
  const counted: (readonly [target: number, samples: number])[] = [];
  let total = 0;
  for (const { labels, values } of answer) {
    if (values.length !== 1) return undefined;
    const value = values.v[0]!;
    const target = numbers.get(labelsKey(withoutLabels(labels, OWN)));
    const kind = labelValue(labels, PART);
    if (kind === SERIES) {
      if (target === undefined) return undefined;
      counted.push([target, Number(labelValue(labels, COUNT))]);
      total += value;
    } else if (target === undefined) continue;
    else if (kind === SCRAPES) scrapes.set(target, value);
    else if (kind === LAST) lasts.set(target, Math.round(value * 1000));
    else if (kind !== WORST || value < 1) return undefined;
  }
  if (!counted.every(([target, samples]) => steady.intervals[target]! > 0 && scrapes.get(target) === samples))
    return undefined;
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
    if ((scrapes.get(target) ?? 0) < expected * (1 - FEWER_PART) - FEWER_SCRAPES) return undefined;
  }
  return { series: total, settled };
}
