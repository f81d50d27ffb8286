import { interruption } from '../../cluster/coverage/interrupted-runs.ts';
import type { KnownSteady } from '../../cluster/coverage/steady-memory.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { TimeRange } from '../../model/time-range.ts';

/** For so many targets at most the siblings are asked as well; for more, they are asked for all. */
export const MOST_OTHERS = 100;
/** Of so great a part of the range at most siblings are asked for what the speaker missed then; of more, they are asked for all of it. */
const MOST_PART = 0.75;

/** What siblings are asked for beside the speaker. */
export interface RestOfTargets {
  /** The targets that the speaker did not scrape all the time, by their labels; or that they are asked for all targets. */
  readonly targets: readonly Labels[] | 'all';
  /** Of which time, ms since the epoch; undefined where that is all that is read. */
  readonly range: TimeRange | undefined;
}

/** What is read; times in ms since the epoch. */
export interface RestQuestion {
  /** What the request needs. */
  readonly needed: TimeRange;
  /** What is read: that and the margin. */
  readonly range: TimeRange;
  /** How far on either side a choice of deduplication looks. */
  readonly marginMs: number;
}

/** What a replica has to say of one target, see `SteadyTargets`. */
interface Reach {
  readonly first: number;
  readonly last: number;
  readonly interval: number;
  readonly lead: number;
  readonly tail: number;
}

/**
 * The targets that matchers can match and that the speaker did not scrape all the time. Where it was away itself, nothing else is wrong with
 * them, and its siblings are asked for that time alone: choices within a margin of it may depend on it, and these on what lies a margin
 * further. Beyond, the speaker has all, and is chosen wherever its siblings begin and end.
 * @returns `many` where siblings have to be asked for all.
 */
export function restOfTargets(
  { steady, targets }: KnownSteady,
  matchers: readonly Matcher[],
  question: RestQuestion,
): RestOfTargets | 'many' {
  const { intervals, firsts, lasts, leads, tails, interrupted } = steady;
  const away = new Away(question);
  const isWanted = wantedTargets(targets, matchers);
  const found: number[] = [];
  let isAwayAlone = true;
  for (const target of steady.others) {
    if (!isWanted(target)) continue;
    found.push(target);
    const known = interrupted.get(target);
    if (known === undefined) isAwayAlone = false;
    else away.add(known, known.runs);
  }
  for (let target = 0; target < intervals.length; target++) {
    const [interval, lead, tail] = [intervals[target]!, leads[target]!, tails[target]!];
    if (lead === 0 && tail === 0) continue;
    const reach = { first: firsts[target]!, last: lasts[target]!, interval, lead, tail };
    if (!away.cuts(reach) || !isWanted(target)) continue;
    found.push(target);
    away.add(reach);
  }
  const range = isAwayAlone && found.length > 0 ? away.around() : undefined;
  if (found.length <= MOST_OTHERS) return { targets: found.map((target) => targets.labels(target)), range };
  return range === undefined ? 'many' : { targets: 'all', range };
}

/** The time around all that the speaker missed of targets which it scraped well otherwise. */
class Away {
  readonly #question: RestQuestion;
  #from = Infinity;
  #to = -Infinity;

  constructor(question: RestQuestion) {
    this.#question = question;
  }

  /** Whether a sibling has more at one of the ends. */
  cuts(reach: Reach): boolean {
    return this.#isEarly(reach) || this.#isLate(reach);
  }

  add(reach: Reach, runs?: Float64Array): void {
    const { minTime, maxTime } = this.#question.range;
    if (runs !== undefined) {
      const { from, to } = interruption(runs, minTime, maxTime);
      this.#from = Math.min(this.#from, from);
      this.#to = Math.max(this.#to, to);
    }
    if (this.#isEarly(reach)) {
      this.#from = -Infinity;
      this.#to = Math.max(this.#to, reach.first);
    }
    if (this.#isLate(reach)) {
      this.#from = Math.min(this.#from, reach.last);
      this.#to = Infinity;
    }
  }

  /** With what choices about it depend on; undefined where that is most of what is read. */
  around(): TimeRange | undefined {
    const { range, marginMs } = this.#question;
    const minTime = Math.max(range.minTime, this.#from - 2 * marginMs);
    const maxTime = Math.min(range.maxTime, this.#to + 2 * marginMs);
    const isShort = maxTime - minTime <= MOST_PART * (range.maxTime - range.minTime);
    return isShort ? { minTime, maxTime } : undefined;
  }

  /** Where a sibling began earlier by up to an interval, that matters within the needed range alone: no choice of another window depends on it. */
  #isEarly({ first, interval, lead }: Reach): boolean {
    const { needed, range } = this.#question;
    return first > range.minTime && (lead > interval || (lead > 0 && first >= needed.minTime - interval));
  }

  #isLate({ last, interval, tail }: Reach): boolean {
    const { needed, range } = this.#question;
    return last < range.maxTime && (tail > interval || (tail > 0 && last <= needed.maxTime + interval));
  }
}
