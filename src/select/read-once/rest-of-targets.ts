import { interruption } from '../../cluster/coverage/interrupted-runs.ts';
import type { KnownSteady } from '../../cluster/coverage/steady-memory.ts';
import type { InterruptedTarget } from '../../cluster/coverage/steady-targets.ts';
import { mayShowFailures, wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
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

/** What a replica has to say of one target. */
type Reach = Omit<InterruptedTarget, 'runs'>;

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
  const missed: number[] = [];
  const failed: number[] = [];
  const dead: number[] = [];
  for (const target of steady.others) {
    if (!isWanted(target)) continue;
    const known = interrupted.get(target);
    if (steady.inVain.has(target)) dead.push(target);
    else if (known === undefined) failed.push(target);
    else if (away.add(known, known.runs)) missed.push(target);
  }
  for (let target = 0; target < intervals.length; target++) {
    const [interval, lead, tail] = [intervals[target]!, leads[target]!, tails[target]!];
    if (lead === 0 && tail === 0) continue;
    const reach = { first: firsts[target]!, last: lasts[target]!, interval, lead, tail };
    if (isWanted(target) && away.add(reach)) missed.push(target);
  }
  // Nobody has anything of those, and nothing comes behind what is known.
  const isNoneMissed =
    dead.length === 0 || (question.range.maxTime <= steady.allUntil && !mayShowFailures(matchers));
  const range = failed.length === 0 && missed.length > 0 && isNoneMissed ? away.around() : undefined;
  const others = isNoneMissed ? failed : [...failed, ...dead];
  const found = range === undefined ? [...missed, ...others] : missed;
  if (found.length <= MOST_OTHERS) return { targets: found.map((target) => targets.labels(target)), range };
  return range === undefined ? 'many' : { targets: 'all', range };
}

const NO_TIME = { from: Infinity, to: -Infinity };

/** The time around all that the speaker missed of targets which it scraped well otherwise. */
class Away {
  readonly #question: RestQuestion;
  #from = Infinity;
  #to = -Infinity;

  constructor(question: RestQuestion) {
    this.#question = question;
  }

  /** Takes what was missed of a target; false where that is nothing. */
  add(reach: Reach, runs?: Float64Array): boolean {
    const { minTime, maxTime } = this.#question.range;
    const { from, to } = runs === undefined ? NO_TIME : interruption(runs, minTime, maxTime);
    const [isEarly, isLate] = [this.#isEarly(reach), this.#isLate(reach)];
    if (to < from && !isEarly && !isLate) return false;
    this.#from = Math.min(this.#from, from, isEarly ? -Infinity : Infinity, isLate ? reach.last : Infinity);
    this.#to = Math.max(this.#to, to, isLate ? Infinity : -Infinity, isEarly ? reach.first : -Infinity);
    return true;
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
