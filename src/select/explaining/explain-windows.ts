import { renderReason, renderReasonGroup } from '../../dedup/reason.ts';
import type { DedupReason } from '../../dedup/reason.ts';
import type { DedupTrace } from '../../dedup/trace.ts';
import type { ReasonCount, WindowExplanation } from './explanation.ts';
import type { TimeRange } from '../../model/time-range.ts';

/** One decision of deduplication, as it was told. */
interface Decision {
  readonly start: number;
  readonly end: number;
  /** The replica's full name. */
  readonly name: string;
  /** ms; undefined where nothing was weighed. */
  readonly penalty: number | undefined;
  readonly reason: DedupReason;
}

/** The name that people know a replica by, for its full name. */
export type NameOf = (replica: string) => string;

/** Windows with the same choice and reason. */
export interface DecidedWindows extends Omit<WindowExplanation, 'reason'> {
  readonly reason: DedupReason;
}

/** Keeps the decisions on one series for as long as it is explained. */
export class DecisionLog implements DedupTrace {
  readonly decisions: Decision[] = [];
  readonly #now: number;

  /** @param now ms: what comes later nobody can miss yet, though it is a part of the newest window. */
  constructor(now: number) {
    this.#now = now;
  }

  window(start: number, end: number, name: string, penalty: number, reason: DedupReason): void {
    const missed = Math.max(0, penalty - Math.max(0, end - this.#now));
    this.decisions.push({ start, end, name, penalty: missed, reason });
  }

  clear(): void {
    this.decisions.length = 0;
  }
}

/** Most reasons to tell apart in a summary; the rest is counted together. */
const MOST_REASONS = 20;

/** Counts why windows went to their replica; how many scrapes another missed makes no difference. */
export class ReasonCounter {
  readonly #counts = new Map<string, { readonly reason: string; windows: number }>();

  add({ reason, windows }: DecidedWindows, nameOf: NameOf): void {
    const key = `${reason.kind} ${replicaIn(reason, nameOf)}`;
    const count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, { reason: renderReasonGroup(reason, nameOf), windows });
    else count.windows += windows;
  }

  /** The most frequent first. */
  list(): readonly ReasonCount[] {
    const all = [...this.#counts.values()].sort(
      (a, b) => b.windows - a.windows || (a.reason < b.reason ? -1 : 1),
    );
    if (all.length <= MOST_REASONS) return all;
    const others = all.slice(MOST_REASONS).reduce((sum, { windows }) => sum + windows, 0);
    return [...all.slice(0, MOST_REASONS), { reason: 'other reasons', windows: others }];
  }
}

/**
 * The decisions on windows that overlap [minTime, maxTime] (ms, inclusive), with replicas by the names that people know.
 * Adjacent windows with the same choice and reason become one.
 */
export function mergeDecisions(
  decisions: readonly Decision[],
  { minTime, maxTime }: TimeRange,
  nameOf: NameOf,
): readonly DecidedWindows[] {
  const merged: DecidedWindows[] = [];
  for (const { start, end, name, penalty, reason } of decisions) {
    if (end <= minTime || start > maxTime) continue;
    const replica = nameOf(name);
    const last = merged.at(-1);
    if (last?.end === start && last.replica === replica && isSame(last.reason, reason, nameOf))
      merged[merged.length - 1] = {
        ...last,
        end,
        penaltyMs: penalty === undefined ? undefined : penalty + (last.penaltyMs ?? 0),
        windows: last.windows + 1,
      };
    else merged.push({ start, end, replica, reason, penaltyMs: penalty, windows: 1 });
  }
  return merged;
}

/** The same as text. */
export function showWindows(windows: DecidedWindows, nameOf: NameOf): WindowExplanation {
  return { ...windows, reason: renderReason(windows.reason, nameOf) };
}

function isSame(a: DedupReason, b: DedupReason, nameOf: NameOf): boolean {
  const scrapes = a.kind === 'missed' ? a.scrapes : 0;
  const otherScrapes = b.kind === 'missed' ? b.scrapes : 0;
  return a.kind === b.kind && scrapes === otherScrapes && replicaIn(a, nameOf) === replicaIn(b, nameOf);
}

/** The name of the other replica that a reason speaks of, if it does. */
function replicaIn(reason: DedupReason, nameOf: NameOf): string {
  switch (reason.kind) {
    case 'only source':
    case 'stale':
    case 'tie':
      return '';
    case 'denser':
      return nameOf(reason.than);
    case 'missed':
      return nameOf(reason.replica);
  }
}
